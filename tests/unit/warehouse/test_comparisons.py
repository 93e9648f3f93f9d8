"""Hits of comparisons go back to the department: once for each change, as a workbook that a clerk can read."""

from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pyarrow as pa
import pytest
from deltalake import write_deltalake
from typer.testing import CliRunner

from expectations.comparisons import load_comparisons
from expectations.contract.catalogue import load_feeds
from spark_jobs import comparisons
from spark_jobs.ask import systems
from spark_jobs.ask.audit.whole import audit
from spark_jobs.base.settings import settings
from spark_jobs.cli import app
from spark_jobs.comparisons import give_back
from spark_jobs.control.database import engine
from spark_jobs.lake.storage.paths import table_uri

HOUSING = "housing_eligibility"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A lake home of each test's own."""
    monkeypatch.setenv("LAKE_HOME", str(tmp_path))
    settings.cache_clear()
    engine.cache_clear()
    yield tmp_path
    settings.cache_clear()
    engine.cache_clear()


def put_hits(*applications: str, comparison: str = HOUSING) -> None:
    """The mart as a build leaves it, with one hit an application."""
    (wanted,) = [each for each in load_comparisons() if each.name == comparison]
    reason = next(iter(wanted.words["reason"]))
    columns = dict.fromkeys((*wanted.columns, "person_id"), pa.array([None] * len(applications), pa.string()))
    columns |= {
        "hit_id": pa.array([f"{each}|{reason}" for each in applications], pa.string()),
        "subject_key": pa.array(applications, pa.string()),
        "reason": pa.array([reason] * len(applications), pa.string()),
        "evidence_feed": pa.array(["natural_resources/real_estate_registration"] * len(applications), pa.string()),
        "evidence_row_number": pa.array([7] * len(applications), pa.int64()),
    }
    columns.pop("resident_id", None)
    write_deltalake(table_uri("restricted", wanted.mart), pa.table(columns), mode="overwrite", schema_mode="overwrite")


def in_outbox(home: Path) -> list[str]:
    return sorted(path.name for path in (home / "outbox").rglob("*.xlsx"))


def test_hits_are_a_workbook_with_chinese_headings_in_the_departments_outbox(home: Path) -> None:
    put_hits("420000198001010019", "=1+1")
    (given,) = give_back()
    assert given.key == "housing/comparison/保障性住房申请资格比对_第0001期.xlsx"
    sheet = openpyxl.load_workbook(home / "outbox" / given.key).worksheets[0]
    header, *rows = sheet.iter_rows(values_only=True)
    assert header[:3] == ("申请编号", "比对结果", "核查对象")
    assert [row[:2] for row in rows] == [("420000198001010019", "名下有不动产"), ("=1+1", "名下有不动产")]
    assert {row[header.index("依据数据资源")] for row in rows} == {"不动产登记"}
    assert sheet["A3"].data_type in {"s", "inlineStr"}


def test_the_same_hits_go_back_once_and_others_anew(home: Path) -> None:
    put_hits("H1")
    give_back()
    assert [each.key for each in give_back()] == [None]
    put_hits("H1", "H2")
    give_back()
    assert in_outbox(home) == [f"保障性住房申请资格比对_第000{number}期.xlsx" for number in (1, 2)]


def test_what_was_interrupted_is_given_again_under_the_same_name(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put_hits("H1")

    def stop(name: str) -> None:
        raise KeyboardInterrupt(name)

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(comparisons, "failpoint", stop)
        give_back()
    assert [each.hits for each in give_back()] == [1]
    assert len(in_outbox(home)) == 1


def test_the_audit_knows_what_went_back_and_sees_what_was_changed(home: Path) -> None:
    put_hits("H1")
    (given,) = give_back()
    assert audit().findings == []
    (home / "outbox" / str(given.key)).write_bytes(b"other")
    assert [finding.what for finding in audit().findings] == ["is not what was given out"]


@pytest.mark.usefixtures("home")
def test_the_project_of_comparison_is_green_once_every_comparison_went_back() -> None:
    for each in load_comparisons():
        assert [found.state for found in systems.standings() if found.name == "大数据对比"] == ["nothing_came"]
        if each.identify:
            ids = {f"{each.identify}_id": pa.array([], pa.string()), "resident_id": pa.array([], pa.string())}
            write_deltalake(table_uri("entities", each.identify), pa.table(ids))
        put_hits("H1", comparison=each.name)
        give_back()
    (found,) = [found for found in systems.standings() if found.name == "大数据对比"]
    many = len(load_comparisons())
    assert (found.state, found.shown_by) == (
        "green",
        f"比对作业：{many}/{many} 类已比对，{many} 条结果已回送部门",
    )


def test_every_comparison_goes_to_an_agency_that_delivers() -> None:
    agencies = {feed.agency for feed in load_feeds()}
    assert {each.agency for each in load_comparisons()} <= agencies
    assert len({(each.agency, each.title) for each in load_comparisons()}) == len(load_comparisons())


@pytest.mark.usefixtures("home")
def test_the_command_says_where_hits_are() -> None:
    put_hits("H1")
    said = CliRunner().invoke(app, ["compare"]).output
    assert "housing_eligibility: 1 hit, outbox/housing/comparison/" in said
