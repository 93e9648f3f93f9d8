"""Which snapshots end which: a delivery holds until the next one of its scope."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, date, datetime, time

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from spark_jobs.base.settings import CITY_TIME
from spark_jobs.lake.silver.parts import ENDING, PART, ROW

Ending = tuple[int, datetime | None, int | None]
"""Sequence of a delivery, until when it holds, and the sequence of the delivery that ends it."""
COLUMNS = ("_delivery_sequence", "_row_number", "_business_date", "_valid_to", "_serial", PART)
"""Columns of silver as it is stored that say which deliveries it has."""


def endings(stored: DataFrame, new: DataFrame, scope: str) -> list[Ending] | None:
    """What is other than the table says once new deliveries are there.

    Args:
        stored: the table as it is stored, without deliveries that go.
        new: `_delivery_sequence`, `_business_date` of the new ones.
        scope: of the contract's `write`.

    Returns:
        None where a delivery is to hold until another time whose rows say themselves when they ended.
    """
    rows = stored.where(F.col(PART) != ENDING)
    found = rows.groupBy("_delivery_sequence", "_business_date").agg(
        F.max(F.col(PART) == ROW).alias("is_open"), F.max(F.unix_micros("_valid_to")).alias("until")
    )
    known = {each["_delivery_sequence"]: each for each in found.collect()}
    dates = {sequence: each["_business_date"] for sequence, each in known.items()}
    dates |= {each["_delivery_sequence"]: each["_business_date"] for each in new.collect()}
    before = {sequence: _moment(each["until"]) for sequence, each in known.items() if not each["is_open"]}
    before |= _latest(stored.where((F.col(PART) == ENDING) & F.col("_row_number").isNull()))
    changed: list[Ending] = []
    for sequence, next_one in _followed(dates, scope):
        until = None if next_one is None else _begin(dates[next_one])
        if until == before.get(sequence):
            continue
        if sequence in known and not known[sequence]["is_open"]:
            return None
        changed.append((sequence, until, next_one))
    return changed


def _followed(dates: dict[int, date], scope: str) -> Iterable[tuple[int, int | None]]:
    """Each delivery with the one that follows it in its scope, None after the last."""
    scopes: dict[date | None, list[int]] = defaultdict(list)
    for sequence in sorted(dates, key=lambda each: (dates[each], each)):
        scopes[dates[sequence] if scope == "business_date" else None].append(sequence)
    for in_order in scopes.values():
        yield from zip(in_order, [*in_order[1:], None], strict=True)


def _latest(of_deliveries: DataFrame) -> dict[int, datetime | None]:
    """Until when each delivery holds by the newest ending of it."""
    told = of_deliveries.select("_delivery_sequence", F.unix_micros("_valid_to").alias("until"), "_serial").collect()
    in_order = sorted(told, key=lambda row: row["_serial"])
    return {each["_delivery_sequence"]: _moment(each["until"]) for each in in_order}


def _moment(micros: int | None) -> datetime | None:
    return None if micros is None else datetime.fromtimestamp(micros / 1e6, UTC)


def _begin(day: date) -> datetime:
    """The moment at which a day begins in the city."""
    return datetime.combine(day, time(), CITY_TIME).astimezone(UTC)
