"""The audit knows what did not come: that it was answered, and that the answer lies in the outbox as it was given."""

from datetime import date
from pathlib import Path

from expectations.working_days import known_years
from spark_jobs.ask.audit import absences
from spark_jobs.ask.audit.finding import Finding, Remark
from spark_jobs.jobs.absences import answer
from tests.e2e.files import REGISTRY
from tests.unit.ask.small_lake import FEED, SmallLake

ON = date(2026, 11, 11)


def told(lake: SmallLake) -> list[Path]:
    return lake.objects("outbox", "未按期报送*")


def seen_on_the_second(lake: SmallLake) -> None:
    """Let the lake have seen the registry's files when they were dropped."""
    lake.ledger("update delivery set first_seen_at = '2026-11-02 02:00:00.000000'")


def test_an_absence_that_nobody_was_told_of_is_found(lake: SmallLake) -> None:
    seen_on_the_second(lake)
    found = [each for each in absences.unanswered(ON) if isinstance(each, Finding)]
    # Two days came; the files of the 3rd and the 4th were rejected, and of the days after there are none.
    (only,) = found
    assert (only.place, only.next_step) == (f"{REGISTRY} 2026-11-03", "lake absent --answer")
    assert "2026-11-03" in only.what
    assert only.what.endswith("and nobody was told; so of 3 later periods")
    answer(ON, [FEED])
    assert list(absences.unanswered(ON)) == []


def test_what_was_told_lies_in_the_outbox_as_it_was_told(lake: SmallLake) -> None:
    seen_on_the_second(lake)
    answer(ON, [FEED])
    assert [each for each in lake.audit().findings if "未按期报送" in each.place] == []
    page, receipt = (path for path in told(lake)[:2])
    assert {page.suffix, receipt.suffix} == {".html", ".json"}
    receipt.write_text(receipt.read_text("utf-8").replace("absent_file", "absent_pull"), "utf-8")
    page.unlink()
    found = [each.what for each in lake.audit().findings if "未按期报送" in each.place]
    assert sorted(found) == [
        "is missing; it was given out for an absence",
        "the receipt differs from the ledger's copy",
    ]


def test_a_year_without_working_days_is_a_remark(lake: SmallLake) -> None:
    year = max(known_years()) + 1
    remarks = [each for each in absences.unanswered(date(year, 3, 1)) if isinstance(each, Remark)]
    assert [each.what for each in remarks] == [
        f"no working days of {year} are known: whether 1 feeds come in time is not judged"
    ]
