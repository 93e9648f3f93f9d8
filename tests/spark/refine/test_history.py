"""Which row of a key is current: the same whatever came first."""

import random
import re
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pyarrow import fs
from pyspark.sql import DataFrame, SparkSession

from expectations.contract.feed import FeedContract
from spark_jobs.lake.storage.scratch import Scratch
from spark_jobs.refine.history import PROVENANCE, Shared, shared_keys, with_ends, with_validity
from tests.spark.refine.frames import column, contract_of

Row = tuple[str | None, str, str, int, int]
"""key, state, changed day, delivery sequence, row number; the delivery's business date is 2026-11-<sequence>."""
ROWS: list[Row] = [
    ("a", "new", "2026-10-01", 1, 2),
    ("b", "new", "2026-10-01", 1, 3),
    (None, "new", "2026-10-01", 1, 4),
    ("a", "new", "2026-10-05", 2, 2),
    ("a", "new", "2026-10-03", 3, 2),  # late: older than what delivery 2 brought
    ("b", "gone", "2026-10-04", 3, 3),
    (None, "new", "2026-10-02", 3, 4),
    ("c", "gone", "2026-10-01", 3, 5),
    ("c", "new", "2026-10-02", 3, 6),
    ("c", "new", "2026-10-02", 3, 7),  # the same key and time twice in one file
]


def contract(**write: Any) -> FeedContract:
    return contract_of(
        column("key", "string"), column("state", "string"), column("changed", "date", format="yyyyMMdd"), write=write
    )


MERGE = contract(mode="merge", key=["key"], order=["changed"], delete_mark={"column": "state", "values": ["gone"]})


def frame_of(spark: SparkSession, rows: Iterable[Row], days: dict[int, int] | None = None) -> DataFrame:
    """The rows as silver has them, without validity."""
    records = [
        (key, state, date.fromisoformat(changed), f"d{of}", number, date(2026, 11, (days or {}).get(of, of)), of)
        for key, state, changed, of, number in rows
    ]
    schema = "key string, state string, changed date, _delivery_id string, _row_number long, _business_date date"
    frame = spark.createDataFrame(records, f"{schema}, _delivery_sequence long")
    for name in ("_warnings", "_notes", "_rescued"):
        frame = frame.selectExpr("*", f"cast(null as {PROVENANCE[name]}) as {name}")
    return frame


def valid(
    spark: SparkSession,
    feed: FeedContract,
    rows: Iterable[Row],
    days: dict[int, int] | None = None,
    are_few: bool | None = None,
) -> set[Any]:
    """(key, sequence, row number) -> (from, to, is current), as a set; rows that share keys apart, or all together."""
    frame = frame_of(spark, rows, days)
    shared = None if are_few is None else Shared(shared_keys(frame, feed), are_few)
    found = with_validity(frame, feed, shared).selectExpr(
        "key",
        "_delivery_sequence",
        "_row_number",
        "string(date(_valid_from))",
        "string(date(_valid_to))",
        "_is_current",
    )
    return {tuple(row) for row in found.collect()}


def test_the_newest_row_of_a_key_is_current(spark: SparkSession) -> None:
    assert valid(spark, MERGE, ROWS) == {
        ("a", 1, 2, "2026-10-01", "2026-10-03", False),
        ("a", 3, 2, "2026-10-03", "2026-10-05", False),
        ("a", 2, 2, "2026-10-05", None, True),
        ("b", 1, 3, "2026-10-01", "2026-10-04", False),
        ("b", 3, 3, "2026-10-04", "2026-10-04", False),  # withdrawn
        (None, 1, 4, "2026-10-01", "2026-10-02", False),
        (None, 3, 4, "2026-10-02", None, True),
        ("c", 3, 5, "2026-10-01", "2026-10-02", False),
        ("c", 3, 6, "2026-10-02", "2026-10-02", False),
        ("c", 3, 7, "2026-10-02", None, True),
    }


@pytest.mark.parametrize("are_few", [True, False])
def test_rows_that_share_keys_are_sorted_by_themselves(spark: SparkSession, are_few: bool) -> None:
    alone: Row = ("d", "new", "2026-10-06", 2, 8)
    assert valid(spark, MERGE, [*ROWS, alone], are_few=are_few) == valid(spark, MERGE, [*ROWS, alone])


def test_sail_holds_what_is_over_in_memory_and_not_a_large_delivery(sail_spark: SparkSession, tmp_path: Path) -> None:
    scratch = Scratch(str(tmp_path), fs.LocalFileSystem(), str(tmp_path))
    place, day = ("1L as _delivery_sequence", "id as _row_number"), "date'2026-11-01'"
    said = ("string(id) as key", "'new' as state", f"{day} as changed", f"{day} as _business_date")
    delivery = sail_spark.range(1_000_000).selectExpr(*place, *said)
    turned = sail_spark.range(500_000).selectExpr(*place, f"timestamp({day}) as _valid_to", "id % 2 = 0 as _is_current")
    # Of rows behind a filter Sail guesses that a fifth pass, which would be fewer than are over.
    rows = scratch.keep(delivery, "rows").where("state = 'new'")
    plan = with_ends(rows, scratch.keep(turned, "turned"), MERGE)._explain_string()
    assert re.findall(r"HashJoinExec: mode=Partitioned, join_type=(\w+)", plan) == ["Right"]


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_arrival_does_not_matter(spark: SparkSession, seed: int) -> None:
    shuffled = random.Random(seed).sample(ROWS, len(ROWS))  # noqa: S311  not for secrets
    assert valid(spark, MERGE, shuffled) == valid(spark, MERGE, ROWS)


def test_append_keeps_every_row_current(spark: SparkSession) -> None:
    found = valid(spark, contract(mode="append"), ROWS)
    assert len(found) == len(ROWS)
    assert all(row[5] and row[4] is None for row in found)


def test_a_snapshot_replaces_the_one_before(spark: SparkSession) -> None:
    found = valid(spark, contract(mode="snapshot", key=["key"]), ROWS)
    assert {row[:3] for row in found if row[5]} == {("a", 3, 2), ("b", 3, 3), (None, 3, 4), ("c", 3, 7)}
    assert ("a", 1, 2, "2026-11-01", "2026-11-02", False) in found


def test_a_snapshot_of_a_day_replaces_that_day_only(spark: SparkSession) -> None:
    feed = contract(mode="snapshot", scope="business_date", key=["key"])
    found = valid(spark, feed, ROWS, days={1: 1, 2: 2, 3: 1})
    assert {row[1] for row in found if row[5]} == {2, 3}
