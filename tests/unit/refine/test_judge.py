from typing import Literal

import pytest

from expectations.contract.channels import FileOptions
from spark_jobs.refine.tally import Tally, judge, quiet_totals, read_tallies
from tests.spark.refine.frames import column, contract_of, pulled

TOTAL = {"name": "fee", "sql": "sum(amount)", "min": 0, "max": 100, "message": "合计"}


@pytest.mark.parametrize(
    ("counts", "code"),
    [
        pytest.param(Tally(rows=10, accepted=8, quarantined=2), None, id="fine"),
        pytest.param(Tally(rows=4, accepted=4), "row_bounds", id="too few rows"),
        pytest.param(Tally(rows=21, accepted=21), "row_bounds", id="too many rows"),
        pytest.param(Tally(rows=10, accepted=7, quarantined=3), "rejected_share", id="above the share"),
        pytest.param(Tally(rows=10, accepted=10, halts={"unknown_code": 1}), "rule_halt", id="halt"),
        pytest.param(Tally(rows=10, accepted=10, totals={"fee": 100.01}), "total_out_of_bounds", id="total too large"),
        pytest.param(Tally(rows=10, accepted=10, totals={"fee": None}), "total_out_of_bounds", id="total unknown"),
        pytest.param(Tally(rows=10, accepted=10, totals={"fee": 0.0}), None, id="total on the bound"),
    ],
)
def test_a_delivery_is_rejected_as_a_whole(counts: Tally, code: str | None) -> None:
    checks = {"rows": {"min": 5, "max": 20}, "max_rejected_share": 0.2, "totals": [TOTAL]}
    contract = contract_of(column("kind", "code", values={"1": "a"}), checks=checks)
    verdict = judge(counts, contract)
    assert (verdict.code if verdict else None) == code


def test_rows_to_fix_that_came_back_are_judged_as_the_part_that_they_are() -> None:
    checks = {"rows": {"min": 5, "max": 20}, "max_rejected_share": 0.2, "totals": [TOTAL]}
    contract = contract_of(column("kind", "code", values={"1": "a"}), checks=checks)
    counts = Tally(rows=2, quarantined=2, totals={"fee": None})
    assert judge(counts, contract) is not None
    assert judge(counts, contract, is_correction=True) is None
    halted = judge(Tally(rows=2, halts={"unknown_code": 1}), contract, is_correction=True)
    assert halted is not None
    assert halted.code == "rule_halt"


@pytest.mark.parametrize(
    "counts",
    [
        pytest.param(Tally(rows=3, accepted=1, quarantined=2), id="two bad of three"),
        pytest.param(Tally(rows=21, accepted=21), id="too many rows"),
        pytest.param(Tally(rows=10, accepted=10, totals={"fee": 100.01}), id="total too large"),
    ],
)
def test_a_pull_is_never_rejected_as_a_whole(counts: Tally) -> None:
    checks = {"rows": {"min": 5, "max": 20}, "max_rejected_share": 0.2, "totals": [TOTAL]}
    contract = pulled(column("kind", "code", values={"1": "a"}), checks=checks)
    assert judge(counts, contract) is None
    assert quiet_totals(counts, contract) == {f"total:{name}": 1 for name in counts.totals}


class Fetched(FileOptions):
    """Files that we fetch."""

    is_pulled = True
    kind: Literal["fetched"] = "fetched"

    def describe(self, feed_id: str) -> str:
        return f"fetched {feed_id}"


def test_a_file_that_was_fetched_is_judged_like_one_that_was_sent() -> None:
    checks = {"rows": {"min": 0, "max": 20}, "totals": [TOTAL]}
    sent = contract_of(column("kind", "code", values={"1": "a"}), checks=checks)
    fetched = sent.model_copy(update={"arrival": Fetched(pattern="(?P<business_date>.*)")})
    verdict = judge(Tally(rows=21, accepted=21), fetched)
    assert verdict is not None
    assert verdict.code == "row_bounds"
    assert quiet_totals(Tally(rows=1, totals={"fee": 101.0}), fetched) == {}


def test_a_total_that_only_warns_becomes_a_note() -> None:
    checks = {"rows": {"min": 0, "max": 20}, "totals": [TOTAL | {"severity": "warn"}]}
    contract = contract_of(column("kind", "code", values={"1": "a"}), checks=checks)
    counts = Tally(rows=1, accepted=1, totals={"fee": -1.0})
    assert judge(counts, contract) is None
    assert quiet_totals(counts, contract) == {"total:fee": 1}


def test_counts_are_kept_apart_by_delivery_and_kind() -> None:
    rows = [(1, "rows ", 3.0), (1, "accepted ", 2.0), (1, "quarantined ", 1.0), (1, "reason x", 1.0)]
    found = read_tallies([*rows, (2, "note y", 2.0), (2, "total fee", 1.5)])
    assert found[1] == Tally(rows=3, accepted=2, quarantined=1, reasons={"x": 1})
    assert found[2] == Tally(notes={"y": 2}, totals={"fee": 1.5})
