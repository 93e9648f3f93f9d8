"""Deliveries from bronze to silver and quarantine: once, completely, and the same after every accident."""

import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date
from types import ModuleType
from typing import Any

import pytest
from deltalake import DeltaTable
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from expectations.contract.feed import FeedContract
from spark_jobs.base.errors import LakeError
from spark_jobs.control.outcome import Outcome
from spark_jobs.lake.engine.workbench import Workbench
from spark_jobs.lake.storage import tables
from spark_jobs.lake.storage.paths import table_uri
from spark_jobs.refine.batch import BronzeDelivery, refine_batch
from spark_jobs.refine.write import withdraw
from tests.crash_points import crash_points
from tests.spark.refine.frames import column, contract_of, deliver

FIRST: list[dict[str, str | None]] = [
    {"key": "a", "count": "1"},
    {"key": "b", "count": "2"},
    {"key": "c", "count": "x"},
    {"key": "a", "count": "3"},
]
SECOND: list[dict[str, str | None]] = [
    {"key": "b", "count": "20"},
    {"key": "d", "count": "4"},
    {"key": None, "count": "5"},
]


class KilledError(Exception):
    """What a crash point raises here instead of killing the process."""


def feed(name: str, mode: str = "merge", **changes: Any) -> FeedContract:
    columns = column("key", "string"), column("count", "integer", required=True)
    return contract_of(*columns, **{"feed": name, "write": {"mode": mode, "key": ["key"]}} | changes)


def arrived(contract: FeedContract, sequence: int, rows: Iterable[Mapping[str, str | None]]) -> BronzeDelivery:
    """A delivery put into bronze, of the business date 2026-11-<sequence>."""
    name = f"{contract.feed}-{sequence}"
    return BronzeDelivery(name, date(2026, 11, sequence), sequence, deliver(contract, name, rows))


def refine(bench: Workbench, contract: FeedContract, *deliveries: BronzeDelivery, by: str = "f") -> list[Outcome]:
    return refine_batch(bench, contract, deliveries, by)


def killer(point: str) -> Callable[[str], None]:
    def passed(name: str) -> None:
        if name == point:
            raise KilledError(name)

    return passed


def content(bench: Workbench, contract: FeedContract) -> list[list[Any]]:
    """All rows of both tables in a fixed order."""
    frames = bench.read("silver", contract.table), bench.read("quarantine", contract.table)
    return [sorted(map(repr, frame.collect())) for frame in frames]


def versions(contract: FeedContract) -> tuple[int, int]:
    return tables.version("silver", contract.table), tables.version("quarantine", contract.table)


def current(bench: Workbench, contract: FeedContract) -> dict[str | None, int]:
    rows = bench.read("silver", contract.table).where("_is_current").select("key", "count").collect()
    assert len({row[0] for row in rows}) == len(rows)
    return {row[0]: row[1] for row in rows}


def test_every_row_is_accounted_for(bench: Workbench) -> None:
    contract = feed("accounted")
    outcome, second = refine(bench, contract, arrived(contract, 1, FIRST), arrived(contract, 2, SECOND))
    assert (outcome.accepted, outcome.quarantined, outcome.rejected) == (3, 1, 0)
    assert outcome.reasons == {"integer_format": 1}
    assert (second.accepted, second.quarantined) == (3, 0)
    assert current(bench, contract) == {"a": 3, "b": 20, "d": 4, None: 5}
    for each in (outcome, second):
        held = bench.read("silver", contract.table, each.silver_version)
        assert held.where(F.col("_delivery_id") == each.delivery_id).count() == each.accepted
    properties = DeltaTable(table_uri("silver", contract.table)).protocol()
    assert (properties.min_reader_version, properties.min_writer_version) == (1, 2)


def test_late_repeated_and_replaced_deliveries(bench: Workbench) -> None:
    contract = feed("late")
    early, late = arrived(contract, 1, FIRST), arrived(contract, 2, SECOND)
    refine(bench, contract, late)
    refine(bench, contract, early)
    assert current(bench, contract) == {"a": 3, "b": 20, "d": 4, None: 5}
    assert versions(contract) == (2, 1)

    refine(bench, contract, early, late)
    assert versions(contract) == (2, 1), "done already, so no commit"

    stricter = feed("late", rules=[_at_most(10)])
    outcome = refine(bench, stricter, late, by="g")[0]
    assert (outcome.accepted, outcome.quarantined, outcome.silver_version) == (2, 1, 3)
    assert current(bench, contract) == {"a": 3, "b": 2, "d": 4, None: 5}, "what delivery 2 said of b is gone"

    again = refine(bench, contract, late, by="f2")[0]
    assert (again.accepted, again.quarantined) == (3, 0)
    assert current(bench, contract) == {"a": 3, "b": 20, "d": 4, None: 5}
    assert bench.read("quarantine", contract.table).count() == 1


@pytest.mark.parametrize("mode", ["merge", "snapshot", "append"])
def test_what_is_withdrawn_was_never_there(bench: Workbench, mode: str) -> None:
    contract, never = feed(f"withdrawn_{mode}", mode), feed(f"never_{mode}", mode)
    for each, sequences in ((contract, (1, 2, 3)), (never, (1, 3))):
        for sequence in sequences:
            refine(
                bench, each, arrived(each, sequence, [{"key": "a", "count": f"{sequence}"}, {"key": "b", "count": "0"}])
            )
    gone = f"{contract.feed}-2"
    assert withdraw(bench, contract, [gone], "f") == 4
    assert withdraw(bench, contract, [gone], "f") == 4, "done already, so no commit"
    columns = ["key", "count", "_business_date", "_valid_from", "_valid_to", "_is_current"]
    found, expected = (
        sorted(map(str, bench.read("silver", each.table).select(*columns).collect())) for each in (contract, never)
    )
    assert found == expected
    assert withdraw(bench, feed(f"absent_{mode}", mode), [gone], "f") is None


def _at_most(limit: int) -> dict[str, str]:
    return {"name": "at_most", "sql": f"count <= {limit}", "severity": "reject", "message": "过大", "fix": "请核对"}


@pytest.mark.parametrize("point", sorted(crash_points("spark_jobs/refine")))
def test_killed_anywhere_and_run_again(bench: Workbench, point: str, monkeypatch: pytest.MonkeyPatch) -> None:
    contract = feed("killed_" + point.replace(".", "_"))
    first, second = arrived(contract, 1, FIRST), arrived(contract, 2, FIRST)
    refine(bench, contract, first)
    before = versions(contract)
    with monkeypatch.context() as armed, pytest.raises(KilledError, match=point):
        armed.setattr("spark_jobs.refine.batch.failpoint", killer(point))
        refine(bench, contract, second)
    outcome = refine(bench, contract, second)[0]
    assert (outcome.accepted, outcome.quarantined) == (3, 1)
    assert versions(contract) == (before[0] + 1, before[1] + 1)
    assert (outcome.silver_version, outcome.quarantine_version) == versions(contract)
    state = content(bench, contract)
    refine(bench, contract, first, second)
    assert content(bench, contract) == state


def test_append_replaces_only_its_own_rows(bench: Workbench) -> None:
    contract = feed("appended", mode="append")
    first, second = arrived(contract, 1, FIRST), arrived(contract, 2, SECOND)
    refine(bench, contract, first)
    refine(bench, contract, second)
    refine(bench, contract, first, by="g")
    assert versions(contract) == (3, 2)
    assert bench.read("silver", contract.table).where("_is_current").count() == 6


def test_snapshots_of_days_are_appended_and_corrected(bench: Workbench) -> None:
    contract = feed("daily", write={"mode": "snapshot", "scope": "business_date", "key": ["key"]})
    first, second = arrived(contract, 1, FIRST), arrived(contract, 2, SECOND)
    refine(bench, contract, first)
    refine(bench, contract, second)
    name = f"{contract.feed}-corrected"
    corrected = BronzeDelivery(name, date(2026, 11, 1), 3, deliver(contract, name, [{"key": "a", "count": "9"}]))
    refine(bench, contract, corrected)
    rows = bench.read("silver", contract.table).where("_is_current").select("key", "count").collect()
    assert sorted(map(tuple, rows), key=repr) == sorted([("a", 9), ("b", 20), ("d", 4), (None, 5)], key=repr)
    assert bench.read("silver", contract.table).count() == 7


def test_a_rejected_delivery_leaves_no_trace(bench: Workbench) -> None:
    contract = feed("refused", checks={"rows": {"min": 0, "max": 100}, "max_rejected_share": 0.2})
    refused, good = refine(bench, contract, arrived(contract, 1, FIRST), arrived(contract, 2, SECOND))
    assert refused.rejection is not None
    assert (refused.rejection.code, refused.rejected, refused.accepted) == ("rejected_share", 4, 0)
    assert [(row.row_number, [field for field, *_ in row.reasons]) for row in refused.rejection.rows] == [
        (4, ["count"])
    ]
    assert good.accepted == 3
    assert bench.read("silver", contract.table).select("_delivery_id").distinct().count() == 1
    assert bench.read("quarantine", contract.table).count() == 0


def test_a_column_that_the_contract_gains_reaches_silver_and_no_file_is_written_anew(bench: Workbench) -> None:
    contract = feed("grown")
    refine(bench, contract, arrived(contract, 1, FIRST))
    files = set(DeltaTable(table_uri("silver", contract.table)).file_uris())
    columns = column("key", "string"), column("count", "integer"), column("place", "division_code")
    grown = contract_of(*columns, feed="grown", write={"mode": "merge", "key": ["key"]})
    refine(bench, grown, arrived(grown, 2, [{"key": "e", "count": "6", "place": "421202"}]), by="g")
    rows = bench.read("silver", grown.table).where("_is_current").select("key", "place").collect()
    assert {tuple(row) for row in rows} == {("a", None), ("b", None), ("e", "421202")}
    assert bench.read("silver", grown.table).columns[:3] == ["key", "count", "place"]
    assert files < set(DeltaTable(table_uri("silver", grown.table)).file_uris())


def test_a_column_that_the_contract_loses_leaves_silver(bench: Workbench) -> None:
    columns = column("key", "string"), column("count", "integer"), column("place", "division_code")
    full = contract_of(*columns, feed="shrunk", write={"mode": "merge", "key": ["key"]})
    refine(bench, full, arrived(full, 1, [{"key": "a", "count": "1", "place": "421202"}]))
    less = feed("shrunk")
    refine(bench, less, arrived(less, 2, SECOND), by="g")
    assert "place" not in bench.read("silver", less.table).columns
    assert current(bench, less)["a"] == 1


def test_bronze_must_hold_what_intake_counted(bench: Workbench) -> None:
    contract = feed("short")
    delivery = arrived(contract, 1, FIRST)
    wrong = BronzeDelivery(delivery.delivery_id, delivery.business_date, 1, 5)
    with pytest.raises(LakeError, match="holds 4 rows"):
        refine(bench, contract, wrong)


def test_a_feed_may_have_logic_of_its_own(bench: Workbench, monkeypatch: pytest.MonkeyPatch) -> None:
    def doubled(rows: DataFrame) -> DataFrame:
        return rows.withColumn("count", F.col("count") * 2)

    module = ModuleType("spark_jobs.feeds.test.custom")
    module.doubled = doubled  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "spark_jobs.feeds.test", ModuleType("spark_jobs.feeds.test"))
    monkeypatch.setitem(sys.modules, module.__name__, module)
    contract = feed("custom", refine="doubled")
    refine(bench, contract, arrived(contract, 1, FIRST))
    assert current(bench, contract) == {"a": 6, "b": 4}
    with pytest.raises(LakeError, match="tripled"):
        refine(bench, feed("custom", refine="tripled"), arrived(contract, 2, SECOND))


@pytest.mark.parametrize("mode", ["append", "merge", "snapshot"])
def test_a_newer_version_takes_the_place_of_the_older_ones_rows(bench: Workbench, mode: str) -> None:
    contract = feed(f"versions_{mode}", mode)
    stalled = arrived(contract, 1, FIRST)
    refine(bench, contract, stalled)
    whole = replace(arrived(contract, 2, [*FIRST, *SECOND]), replaces=(stalled.delivery_id,))
    (outcome,) = refine(bench, contract, whole)
    assert (outcome.accepted, outcome.quarantined) == (6, 1)
    for layer, rows in (("silver", 6), ("quarantine", 1)):
        held = bench.read(layer, contract.table)  # type: ignore[arg-type]
        assert held.groupBy("_delivery_id").count().collect() == [(whole.delivery_id, rows)]
    before = versions(contract)
    refine(bench, contract, whole)
    assert versions(contract) == before


def test_a_newer_version_that_is_rejected_leaves_the_older_one_in_force(bench: Workbench) -> None:
    contract = feed("rejected_version")
    older = arrived(contract, 1, FIRST)
    refine(bench, contract, older)
    before = content(bench, contract)
    broken = replace(arrived(contract, 2, [{"key": "a", "count": "x"}] * 4), replaces=(older.delivery_id,))
    (outcome,) = refine(bench, contract, broken)
    assert outcome.rejection is not None
    assert content(bench, contract) == before
