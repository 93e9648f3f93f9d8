"""What must agree within one ledger row: byte ranges, counts, and the receipt with the columns beside it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from spark_jobs.ask.audit.books import NOT_IN_FORCE, OPEN_STATES
from spark_jobs.ask.audit.finding import Finding, shown
from spark_jobs.control.schema import Delivery, DeliveryState

_STATUSES = {
    DeliveryState.COMMITTED: {"accepted", "partly_accepted", "empty"},
    DeliveryState.REJECTED: {"rejected", "duplicate"},
    DeliveryState.REPLACED: {"replaced"},
    DeliveryState.RECALLED: {"recalled"},
}
_REFINE_AGAIN = "find out who edited the ledger; restore the row from the backup of the control database"


def check(row: Delivery) -> Iterator[Finding]:
    """Findings on one row; none where all of it agrees.

    Raises:
        KeyError, TypeError, AttributeError, ValueError: a document of the row has not the form that the lake writes.
    """
    if row.state not in set(DeliveryState):
        yield _finding("I1", row, f"unknown state {shown(row.state)}")
    receipt = row.receipt
    if receipt:
        yield from _state_fits(row, receipt)
        yield from _bytes_are_covered(row, receipt)
        yield from _rows_add_up(row, receipt)
        yield from _columns_agree(row, receipt)
    elif row.state in set(DeliveryState) - OPEN_STATES:
        yield _finding("I10", row, f"is {row.state} without a receipt")


def _state_fits(row: Delivery, receipt: Mapping[str, Any]) -> Iterator[Finding]:
    """I1: a delivery with a receipt is at its end, and at the end that the receipt says."""
    if row.state in OPEN_STATES:
        yield _finding("I1", row, f"is {row.state} though its receipt says {receipt['status']}")
    elif row.state == DeliveryState.RECALLED and receipt["status"] != "recalled":
        place = f"ledger {shown(row.feed)} {shown(row.delivery_id)}"
        what = "its recall was begun and has not come to its end: silver may still have its rows"
        yield Finding("standing", place, what, f"lake refine {row.feed}, then: lake verify {row.feed}", row.delivery_id)
    elif receipt["status"] not in _STATUSES.get(DeliveryState(row.state), set()):
        yield _finding("I1", row, f"is {row.state}, its receipt says {receipt['status']}")


def _bytes_are_covered(row: Delivery, receipt: Mapping[str, Any]) -> Iterator[Finding]:
    """I2: the byte ranges partition the file."""
    if receipt["status"] in {"rejected", "duplicate", "recalled"} and not receipt["byte_ranges"]:
        return
    for ranges, size in (
        (receipt["byte_ranges"], receipt["bytes"]),
        (receipt["stream_ranges"], receipt["stream_bytes"]),
    ):
        for start, end in uncovered(ranges, size):
            yield _finding("I2", row, f"bytes {start} to {end} are not covered once")


def uncovered(ranges: Sequence[Mapping[str, Any]], size: int | None) -> Iterator[tuple[int, int]]:
    """Gaps and overlaps of byte ranges against a size; none where they partition it, or no size is known."""
    at = 0
    for part in sorted(ranges, key=lambda part: int(part["start"])):
        if part["start"] != at:
            yield at, int(part["start"])
        at = int(part["end"])
    if size is not None and at != size:
        yield at, int(size)


def _rows_add_up(row: Delivery, receipt: Mapping[str, Any]) -> Iterator[Finding]:
    """I3: rows counted = accepted + quarantined + rejected."""
    parts = receipt["accepted"] + receipt["quarantined"] + receipt["rejected"]
    if receipt["rows_counted"] != parts:
        yield _finding("I3", row, f"{receipt['rows_counted']} rows counted, {parts} accounted for")


def _columns_agree(row: Delivery, receipt: Mapping[str, Any]) -> Iterator[Finding]:
    """I10: the receipt says what the ledger's own columns say."""
    accounting = row.accounting or {}
    pairs: dict[str, tuple[Any, Any]] = {
        "delivery": (receipt["delivery_id"], row.delivery_id),
        "file": (receipt["file"], row.object_key.rsplit("/", 1)[-1]),
        "bytes": (receipt["bytes"], row.bytes),
        "SHA-256": (receipt["sha256"], row.sha256),
        "business date": (receipt["business_date"], row.business_date.isoformat() if row.business_date else None),
        "rows counted": (receipt["rows_counted"], accounting.get("rows_counted", 0)),
        "byte ranges": (receipt["byte_ranges"], accounting.get("ranges", [])),
    }
    if row.state == DeliveryState.REJECTED:
        pairs["rejection"] = (receipt["rejection"], row.rejection)
    if row.state == DeliveryState.RECALLED and receipt["status"] == "recalled":
        said = row.rejection or {}
        told = {**(receipt["rejection"] or {}), **(receipt["recall"] or {}), "replaced_by": receipt["replaced_by"]}
        pairs["recall"] = (told, said)
        stated = {name: receipt["tables"][name]["version"] for name in ("silver", "bronze")}
        booked = {"silver": (row.outcome or {}).get("silver_version"), "bronze": row.bronze_version}
        pairs["versions"] = (stated, booked)
    # A delivery that was rejected or replaced later keeps the outcome that it had before, and has left bronze.
    if row.state not in NOT_IN_FORCE:
        outcome = row.outcome or {}
        pairs |= {name: (receipt[name], outcome.get(name)) for name in ("accepted", "quarantined", "reasons")}
        pairs["silver version"] = (receipt["tables"]["silver"]["version"], outcome.get("silver_version"))
        pairs["quarantine version"] = (receipt["tables"]["quarantine"]["version"], outcome.get("quarantine_version"))
        pairs["what it replaces"] = ((receipt.get("replaces") or [None])[-1], row.replaces)
        pairs["bronze version"] = (receipt["tables"]["bronze"]["version"], row.bronze_version)
    differing = [name for name, (stated, booked) in pairs.items() if stated != booked]
    if differing:
        yield _finding("I10", row, f"ledger and receipt differ in {', '.join(differing)}")


def _finding(invariant: str, row: Delivery, what: str) -> Finding:
    place = f"ledger {shown(row.feed)} {shown(row.delivery_id)}"
    return Finding(invariant, place, what, _REFINE_AGAIN, row.delivery_id)
