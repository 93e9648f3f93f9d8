"""Count what became of each delivery's rows, and decide whether the delivery as a whole can be used."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import reduce
from operator import and_
from typing import Any

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from expectations.contract.feed import FeedContract, Total
from expectations.rejections import DeliveryRejected
from expectations.severity import Severity
from spark_jobs.refine.screen import is_rejected

_KINDS = {"_rejects": "reason", "_halts": "halt", "_warns": "warning", "_noted": "note"}


REPEATED = "repeated_key"
"""Rows of a delivery of which another says what the same thing is at the same time; the one that stands later holds."""


@dataclass(frozen=True)
class Tally:
    """Counts of one delivery."""

    rows: int = 0
    accepted: int = 0
    quarantined: int = 0
    reasons: dict[str, int] = field(default_factory=dict)
    """Quarantined rows by breach code; a row with several counts under each."""
    halts: dict[str, int] = field(default_factory=dict)
    warnings: dict[str, int] = field(default_factory=dict)
    """Accepted rows by breach code."""
    notes: dict[str, int] = field(default_factory=dict)
    """Accepted rows by note code."""
    totals: dict[str, float | None] = field(default_factory=dict)
    """Aggregates of the contract over the accepted rows."""


def tally(screened: DataFrame, contract: FeedContract) -> DataFrame:
    """Counts and totals of a screened frame, a row for each delivery and kind: `_delivery_sequence, item, number`."""
    # Distinct verdicts are few, so that taking them apart costs nothing next to the rows themselves.
    items = F.explode(F.array_distinct(F.concat(*_items())))
    counts = _verdicts(screened).select("_delivery_sequence", items.alias("item"), "rows")
    found = counts.groupBy("_delivery_sequence", "item").agg(F.sum("rows").cast("double").alias("number"))
    accepted = screened.where(~is_rejected())
    if contract.write.key and contract.write.mode != "append":
        found = found.union(_repeated(accepted, contract))
    for total in contract.checks.totals:
        sums = accepted.groupBy("_delivery_sequence").agg(F.expr(total.sql).cast("double").alias("number"))
        found = found.union(sums.select("_delivery_sequence", F.lit(f"total {total.name}"), "number"))
    return found


def _verdicts(screened: DataFrame) -> DataFrame:
    """Each delivery's rows by what is said of them; most have nothing, and are counted without a look at texts."""
    nothing = reduce(and_, (F.col(kind) == "" for kind in _KINDS))
    fine = screened.where(nothing).groupBy("_delivery_sequence").agg(F.count("*").alias("rows"))
    others = screened.where(~nothing).groupBy("_delivery_sequence", *_KINDS).agg(F.count("*").alias("rows"))
    return fine.select("_delivery_sequence", *(F.lit("").alias(kind) for kind in _KINDS), "rows").union(others)


def _repeated(accepted: DataFrame, contract: FeedContract) -> DataFrame:
    """Rows beyond the first of a delivery, a key and an order, told apart by hashes alone: so many fit into memory."""
    names = dict.fromkeys(("_delivery_sequence", *contract.write.key, *contract.write.order))
    place = F.xxhash64(*(part for name in names for part in (F.col(name), F.col(name).isNull().cast("int"))))
    alike = accepted.select("_delivery_sequence", place.alias("place")).groupBy("place")
    several = alike.agg(F.max("_delivery_sequence").alias("_delivery_sequence"), F.count("*").alias("rows"))
    again = several.where("rows > 1").groupBy("_delivery_sequence").agg(F.sum(F.col("rows") - 1).alias("number"))
    return again.select("_delivery_sequence", F.lit(f"warning {REPEATED}"), F.col("number").cast("double"))


def _items() -> Iterable[Column]:
    yield F.array(F.lit("rows "), F.when(is_rejected(), "quarantined ").otherwise("accepted "))
    for name, kind in _KINDS.items():
        codes = F.filter(F.split(name, " "), lambda item: item != "")
        # What is mended or warned of in a row that goes to quarantine anyway is not counted.
        counts = F.lit(True) if kind in {"reason", "halt"} else ~is_rejected()
        items = F.transform(codes, _named(kind)).cast("array<string>")
        yield F.when(counts, items).otherwise(F.array().cast("array<string>"))


def _named(kind: str) -> Any:
    return lambda item: F.concat(F.lit(f"{kind} "), F.substring_index(item, ":", -1))


def read_tallies(rows: Iterable[Any]) -> dict[int, Tally]:
    """Tallies by the deliveries' sequence from the collected rows of `tally`."""
    found: dict[int, Tally] = {}
    # In order, so that reasons that as many rows have stand in the same order in every receipt.
    for delivery, item, number in sorted(rows, key=lambda row: (row[0], row[1])):
        kind, _, code = item.partition(" ")
        current = found.setdefault(delivery, Tally())
        match kind:
            case "total":
                current.totals[code] = number
            case "rows":
                found[delivery] = replace(current, rows=int(number))
            case "accepted":
                found[delivery] = replace(current, accepted=int(number))
            case "quarantined":
                found[delivery] = replace(current, quarantined=int(number))
            case _:
                getattr(current, f"{kind}s")[code] = int(number)
    return found


def judge(counts: Tally, contract: FeedContract, is_correction: bool = False) -> DeliveryRejected | None:
    """Why nothing of the delivery may be used; None where it may.

    Rows that were read cannot be sent again, so neither how many there are, nor how many are bad, nor what they come
    to speaks against it; see also `as_screened`. Nor do they against rows to fix that came back, which are a part of a
    delivery.
    """
    if contract.arrival.yields == "rows":
        return None
    checks = contract.checks
    if not is_correction and not checks.rows.min <= counts.rows <= checks.rows.max:
        return DeliveryRejected("row_bounds", rows=counts.rows, min=checks.rows.min, max=checks.rows.max)
    for code, rows in sorted(counts.halts.items()):
        return DeliveryRejected("rule_halt", rule=code, detail=f"{contract.breaches()[code].message}（{rows} 行）")
    share = counts.quarantined / counts.rows if counts.rows else 0.0
    if not is_correction and share > checks.max_rejected_share:
        limit = f"{checks.max_rejected_share:.1%}"
        return DeliveryRejected("rejected_share", rows=f"{counts.quarantined:,}", share=f"{share:.1%}", limit=limit)
    for total in () if is_correction else _broken_totals(counts.totals, contract, Severity.HALT):
        actual = counts.totals[total.name]
        return DeliveryRejected("total_out_of_bounds", total=total.name, actual=actual, detail=total.message)
    return None


def quiet_totals(counts: Tally, contract: FeedContract) -> dict[str, int]:
    """Totals that are out of bounds but do not reject the delivery, as notes `total:<name>`."""
    quiet = [Severity.WARN, Severity.HALT] if contract.arrival.yields == "rows" else [Severity.WARN]
    broken = [total for severity in quiet for total in _broken_totals(counts.totals, contract, severity)]
    return {f"total:{total.name}": 1 for total in broken}


def _broken_totals(totals: Mapping[str, float | None], contract: FeedContract, severity: Severity) -> Iterable[Total]:
    """Totals out of bounds; one that is null over accepted rows is, and one over no rows is not."""
    for total in contract.checks.totals:
        if total.severity is severity and total.name in totals:
            actual = totals[total.name]
            low = float("-inf") if total.min is None else total.min
            high = float("inf") if total.max is None else total.max
            if actual is None or not low <= actual <= high:
                yield total
