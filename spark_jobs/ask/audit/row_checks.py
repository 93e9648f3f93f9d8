"""The rows of each delivery that a table holds against those that the ledger says it holds."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from spark_jobs.ask.audit.books import WITHOUT_ROWS, Booked, superseded
from spark_jobs.ask.audit.finding import Finding, Remark, shown
from spark_jobs.ask.audit.table_counts import TableCounts
from spark_jobs.base.counted import counted
from spark_jobs.control.schema import DeliveryState
from spark_jobs.lake.storage.paths import Layer

_INVARIANTS: Mapping[str, str] = {"bronze": "I3", "silver": "I4", "quarantine": "I5"}
_UNKNOWN = "find out who wrote there; delete the rows, or restore the table to the version before"
_REPEAT = "RESTORE the table to a version before, or have the delivery taken in again from landing"


@dataclass(frozen=True, slots=True)
class Expected:
    """What a table should hold of a delivery.

    Args:
        booked: the delivery.
        rows: how many; None where that is not yet decided.
        version: the version that the ledger states, None where it states none.
        is_stated: the delivery's rows are in that very version.
        reasons: quarantined rows by reason; None where they do not apply.
    """

    booked: Booked
    rows: int | None
    version: int | None
    is_stated: bool
    reasons: Mapping[str, int] | None = None


def expected_of(layer: Layer, booked: Sequence[Booked]) -> dict[str, Expected]:
    """By delivery id, for all deliveries of a feed."""
    of_layer = {"bronze": _in_bronze, "silver": _in_silver, "quarantine": _in_quarantine}[layer]
    between = superseded(booked)
    return {
        one.delivery_id: Expected(one, None, None, is_stated=False) if one.delivery_id in between else of_layer(one)
        for one in booked
    }


def _in_bronze(one: Booked) -> Expected:
    if one.state in WITHOUT_ROWS:
        return Expected(one, 0, None, is_stated=False)
    if one.state == DeliveryState.RECALLED:
        # What had been replaced or turned away before has left bronze, or never came there.
        return Expected(one, one.rows_counted if one.bronze_version is not None else 0, None, is_stated=False)
    is_counted = one.state in {DeliveryState.PARSED, DeliveryState.COMMITTED}
    return Expected(one, one.rows_counted if is_counted else None, one.bronze_version, is_stated=False)


def _in_silver(one: Booked) -> Expected:
    if one.state in WITHOUT_ROWS:
        return Expected(one, 0, None, is_stated=False)
    is_decided = one.state == DeliveryState.RECALLED and not one.is_recall_begun
    if one.state != DeliveryState.COMMITTED and not is_decided:
        return Expected(one, None, None, is_stated=False)
    return Expected(one, one.accepted, one.silver_version, is_stated=True)


def _in_quarantine(one: Booked) -> Expected:
    if one.state in WITHOUT_ROWS:
        return Expected(one, 0, None, is_stated=False, reasons={})
    if one.state not in {DeliveryState.COMMITTED, DeliveryState.RECALLED}:
        return Expected(one, None, None, is_stated=False)
    return Expected(one, one.quarantined, one.quarantine_version, is_stated=True, reasons=one.reasons)


def compare(
    name: str,
    counts: TableCounts,
    in_scope: Mapping[str, Expected],
    expected: Mapping[str, Expected],
    *,
    is_partial: bool,
) -> Iterator[Finding | Remark]:
    """Findings on the rows of a table.

    Args:
        name: `layer.table`.
        counts: what was counted.
        in_scope: the deliveries that are looked at.
        expected: all deliveries of the feed.
        is_partial: only files of a part of the table's history were counted.
    """
    for path in (*counts.missing, *counts.damaged):
        what = f"the file {shown(path)} of the newest version is missing, was changed, or cannot be read"
        yield Finding("I6", name, what, "restore the file from the backup; until then nobody can read the table")
    if counts.missing or counts.damaged:
        return
    invariant = _INVARIANTS[name.partition(".")[0]]
    for key in counts.rows.keys() - expected.keys():
        what = f"{counted(counts.rows[key], 'row')} of a delivery that nobody knows"
        yield Finding(invariant, f"{name} {shown(key)}", what, _UNKNOWN, key)
    reasons = _by_delivery(counts)
    left = 0
    for key, one in in_scope.items():
        if _is_left_by_earlier_rule(name, one, counts.rows.get(key, 0)):
            left += 1
            continue
        yield from _of_delivery(name, invariant, one, counts, reasons.get(key, {}))
    if left:
        yield Remark(
            name, f"{left} rejected deliveries have rows: they were rejected before rejected rows were removed"
        )
    if counts.gone and not is_partial:
        yield Remark(name, f"{counts.gone} receipts state versions whose files vacuum has removed; not compared")


def _is_left_by_earlier_rule(name: str, one: Expected, rows: int) -> bool:
    """Bronze kept what refine rejected; the next refine of the feed takes it out, and nothing reads such rows."""
    is_noted = one.booked.state in WITHOUT_ROWS and one.booked.bronze_version is not None
    return (
        name.startswith("bronze.") and is_noted and one.booked.is_of_first_books and 0 < rows == one.booked.rows_counted
    )


def _of_delivery(
    name: str, invariant: str, one: Expected, counts: TableCounts, reasons: Mapping[str, int]
) -> Iterator[Finding]:
    key = one.booked.delivery_id
    place = f"{name} {shown(key)}"
    if one.rows is None:
        return
    rows = counts.rows.get(key, 0)
    if rows != one.rows:
        what = f"{counted(rows, 'row')}, {one.rows} by the ledger ({one.booked.state})"
        yield Finding(invariant, place, what, _REPEAT if one.rows else _out_again(one), key)
    stated = counts.stated.get(key)
    if stated is not None and stated != one.rows:
        what = f"{stated} rows at the stated version {one.version}, {one.rows} by the ledger"
        yield Finding(invariant, place, what, "compare the table's history with the receipt", key)
    if one.reasons is not None and rows == one.rows and reasons != one.reasons:
        differing = sorted(code for code in {*reasons, *one.reasons} if reasons.get(code) != one.reasons.get(code))
        pairs = ", ".join(f"{shown(code)} {reasons.get(code, 0)}/{one.reasons.get(code, 0)}" for code in differing)
        yield Finding(invariant, place, f"rows by reason, table/ledger: {pairs}", _REPEAT, key)


def _out_again(one: Expected) -> str:
    """What to do with rows of a delivery that must have none."""
    is_due = one.booked.state in WITHOUT_ROWS and one.booked.bronze_version is not None
    return f"an interrupted refine left them: lake refine {one.booked.feed}" if is_due else _UNKNOWN


def _by_delivery(counts: TableCounts) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for (delivery, rule), rows in counts.reasons.items():
        found.setdefault(delivery, {})[rule] = rows
    return found
