"""Which engine joins records, and a lake server that is there for one command."""

from dataclasses import replace

import pytest

from spark_jobs.base.settings import settings
from spark_jobs.lake.engine import choice
from spark_jobs.lake.server import lifecycle

SERVER = lifecycle.Running(1, 2, 3, "", is_ready=True, identity="")


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in ("LAKE_RESOLVE_ENGINE", "LAKE_SAIL_ISOLATION"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LAKE_RESOLVE_SAIL_RECORDS", "1000")
    settings.cache_clear()
    return monkeypatch


def test_sail_joins_few_records_and_the_lake_server_many(given: pytest.MonkeyPatch) -> None:
    given.setattr(choice, "_keeps_sail_apart", lambda: True)
    assert [choice.engine_for_joins(records).name for records in (0, 1000, 1001)] == ["sail", "sail", "server"]


def test_where_sail_cannot_be_kept_apart_the_lake_server_joins(given: pytest.MonkeyPatch) -> None:
    given.setattr(choice, "_keeps_sail_apart", lambda: False)
    assert choice.engine_for_joins(1).name == "server"


@pytest.mark.parametrize("name", ["sail", "server"])
def test_the_settings_have_the_last_word(given: pytest.MonkeyPatch, name: str) -> None:
    given.setenv("LAKE_RESOLVE_ENGINE", name)
    settings.cache_clear()
    assert {choice.engine_for_joins(records).name for records in (1, 10**9)} == {name}


@pytest.mark.parametrize(
    ("runs", "stays", "happens"),
    [
        (False, False, ["up", "told", "work", "down"]),
        (False, True, ["up", "told", "work"]),
        (True, False, ["up", "work"]),
    ],
)
def test_a_server_that_a_command_started_ends_with_it_unless_it_stays(
    monkeypatch: pytest.MonkeyPatch, runs: bool, stays: bool, happens: list[str]
) -> None:
    happened: list[str] = []
    monkeypatch.setattr(lifecycle, "running", lambda _: replace(SERVER) if runs else None)

    def ensure_up() -> lifecycle.Running:
        happened.append("up")
        return SERVER

    monkeypatch.setattr(lifecycle, "ensure_up", ensure_up)
    monkeypatch.setattr(lifecycle, "down", lambda: happened.append("down"))
    with lifecycle.lent(stays, lambda _: happened.append("told")):
        happened.append("work")
    assert happened == happens


def test_it_ends_also_where_the_command_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    happened: list[str] = []
    monkeypatch.setattr(lifecycle, "running", lambda _: None)
    monkeypatch.setattr(lifecycle, "ensure_up", lambda: SERVER)
    monkeypatch.setattr(lifecycle, "down", lambda: happened.append("down"))
    with pytest.raises(RuntimeError), lifecycle.lent():
        raise RuntimeError
    assert happened == ["down"]
