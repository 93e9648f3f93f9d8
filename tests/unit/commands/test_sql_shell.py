"""The SQL shell opens with the marts and with questions to begin with, where a person sits before it."""

import io
import sys
from pathlib import Path

import pytest

from expectations.questions import Question
from spark_jobs.base.settings import settings
from spark_jobs.commands import sql_opening, sql_shell
from tests import pages_lake

ASKED = "select sum(persons) from marts.mart_invented"
QUESTIONS = (
    Question(theme="people", name="elsewhere", question="别处有多少人？", query="select 1 from base.base_person"),
    Question(theme="people", name="how_many", question="一共多少人？", query=f"{ASKED}\n"),
    Question(theme="people", name="again", question="再问一次？", query=ASKED),
)


class Terminal(io.StringIO):
    """A person who types."""

    def isatty(self) -> bool:
        return True


def opened(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], stdin: io.StringIO) -> str:
    """What the shell says before it is left."""
    monkeypatch.setattr(sys, "stdin", stdin)
    sql_shell.shell("table", unverified=False)
    return capsys.readouterr().err


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sql_opening, "load_questions", lambda: QUESTIONS)


@pytest.mark.usefixtures("asked")
def test_it_opens_with_each_mart_in_chinese_and_a_question_of_a_theme(
    lake_home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pages_lake.build(lake_home)
    lines = opened(monkeypatch, capsys, Terminal("quit\n")).splitlines()
    assert lines[:4] == ["marts.mart_invented  发明的：按县统计。", "", "-- 一共多少人？", f"{ASKED};"]
    assert "SHOW TABLES;" in lines[-1]
    assert len(lines) == 6


def test_where_nothing_is_built_it_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LAKE_HOME", str(tmp_path))
    settings.cache_clear()
    said = opened(monkeypatch, capsys, Terminal(""))
    assert "no marts yet: build the warehouse first: lake warehouse build" in said


@pytest.mark.usefixtures("asked")
def test_a_program_that_asks_is_told_nothing(
    lake_home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert opened(monkeypatch, capsys, io.StringIO("")) == ""
