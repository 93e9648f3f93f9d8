"""The ledger as an audit needs it: of each delivery the few facts that things are compared with.

Read a page at a time: an open read would keep SQLite's writers waiting, and receipts of years would fill the memory.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from spark_jobs.control import recalls
from spark_jobs.control.database import session
from spark_jobs.control.in_force import CORRECTS
from spark_jobs.control.schema import ON_THE_WAY, Delivery, DeliveryState

PAGE_ROWS = 50
_UNTOUCHED: Mapping[str, int] = {}
OPEN_STATES = frozenset(ON_THE_WAY)
WITHOUT_ROWS = frozenset({DeliveryState.REJECTED, DeliveryState.REPLACED})
"""States in which a delivery has rows in no table."""
NOT_IN_FORCE = WITHOUT_ROWS | {DeliveryState.RECALLED}
"""The same, and that in which it has rows in bronze and quarantine alone, as evidence."""


@dataclass(frozen=True, slots=True)
class Booked:
    """What the ledger says of one delivery; counts are those of the ledger's own columns, not of the receipt."""

    sequence: int
    delivery_id: str
    feed: str
    state: str
    object_key: str
    object_version: str
    bytes: int
    first_seen_at: datetime
    unchanged_since: datetime
    closed_at: datetime | None
    window: tuple[datetime, datetime] | None
    """Pulls: start (inclusive) and end (exclusive) of the update times read."""
    sha256: str | None
    bronze_version: int | None
    rows_counted: int
    accepted: int
    quarantined: int
    reasons: Mapping[str, int]
    silver_version: int | None
    quarantine_version: int | None
    rejection: str | None
    """Code of the rejection."""
    receipt_sha256: str | None
    """Hash of the ledger's copy of the receipt, as `document_sha256`; None without a receipt."""
    outbox: tuple[str, ...]
    """Keys of the objects that the receipt names, the receipt itself first."""
    contract_sha256: str | None
    landing_version: str | None
    outbox_versions: Mapping[str, str]
    failure: str | None
    """Reference of the traceback of the last unexpected failure."""
    replaces: str | None
    """The older version of its object, or the corrected delivery, whose place it took."""
    corrects: str | None
    """What its manifest says that it corrects: the number of a receipt, or the name of a file."""
    was: str | None
    """State before it was recalled."""
    is_recall_begun: bool
    """It was recalled, and silver, receipt and publication have yet to follow."""
    is_of_first_books: bool
    """It was closed by a lake that left rows of rejected deliveries in bronze."""

    @property
    def is_open(self) -> bool:
        """It has yet to go on."""
        return self.state in OPEN_STATES

    def is_since(self, since: datetime | None) -> bool:
        """It is open, or something happened to it since then."""
        moments = [self.first_seen_at, *([self.closed_at] if self.closed_at else [])]
        return since is None or self.is_open or max(moments) >= since


def superseded(booked: Sequence[Booked]) -> dict[str, str]:
    """Deliveries whose rows went with a newer one's commit, and whose own end is still to be written: id -> newer.

    A refine that was interrupted leaves them; the next one ends them.
    """
    newest: dict[str, Booked] = {}
    for one in booked:
        if one.state == DeliveryState.COMMITTED:
            if one.replaces is not None:
                newest[one.object_key] = one
            if one.corrects is not None:
                newest |= {one.corrects: one, f"{one.feed}/{one.corrects}": one}
    found = {}
    for one in booked:
        newer = newest.get(one.object_key) or newest.get(one.delivery_id)
        in_force = one.state in {DeliveryState.PARSED, DeliveryState.COMMITTED}
        if newer is not None and in_force and one.sequence < newer.sequence:
            found[one.delivery_id] = newer.delivery_id
    return found


def feeds() -> list[str]:
    """Feeds that have ledger rows, sorted."""
    with session() as at:
        return list(at.scalars(select(Delivery.feed).distinct().order_by(Delivery.feed)))


def rows(feed: str) -> Iterator[Delivery]:
    """Ledger rows of a feed in the order of arrival, a page in memory at a time."""
    with session() as at:
        places = at.scalars(select(Delivery.sequence).where(Delivery.feed == feed).order_by(Delivery.sequence)).all()
    for start in range(0, len(places), PAGE_ROWS):
        wanted = select(Delivery).where(Delivery.sequence.in_(places[start : start + PAGE_ROWS]))
        with session() as at:
            page = at.scalars(wanted.order_by(Delivery.sequence)).all()
        yield from page


def booked(row: Delivery) -> Booked:
    """The facts of a ledger row.

    Raises:
        ValueError: a document of the row is not of the form that the lake writes.
    """
    try:
        return _booked(row)
    except (AttributeError, KeyError, TypeError) as error:
        raise ValueError(f"{type(error).__name__} in a document of the row") from error


def _booked(row: Delivery) -> Booked:
    accounting, receipt = row.accounting or {}, row.receipt or {}
    # A delivery that was rejected or replaced later keeps the outcome that it had before.
    outcome = row.outcome or {} if row.state not in WITHOUT_ROWS else {}
    versions = row.receipt_versions or {}
    return Booked(
        sequence=row.sequence,
        delivery_id=row.delivery_id,
        feed=row.feed,
        state=row.state,
        object_key=row.object_key,
        object_version=row.object_version,
        bytes=row.bytes,
        first_seen_at=row.first_seen_at,
        unchanged_since=row.unchanged_since,
        closed_at=row.closed_at,
        window=(row.window_from, row.window_to) if row.window_from and row.window_to else None,
        sha256=row.sha256,
        bronze_version=row.bronze_version,
        rows_counted=int(accounting.get("rows_counted", 0)),
        accepted=int(outcome.get("accepted", 0)),
        quarantined=int(outcome.get("quarantined", 0)),
        reasons=dict(outcome.get("reasons", {})) or _UNTOUCHED,
        silver_version=outcome.get("silver_version"),
        quarantine_version=outcome.get("quarantine_version"),
        rejection=(row.rejection or {}).get("code"),
        receipt_sha256=document_sha256(receipt) if receipt else None,
        outbox=_outbox_keys(receipt, versions) if receipt else (),
        contract_sha256=receipt.get("contract_sha256"),
        landing_version=row.landing_version,
        outbox_versions={key: str(version) for key, version in versions.items() if version},
        failure=str(row.failure.get("reference", "unknown")) if row.failure else None,
        replaces=row.replaces,
        corrects=(row.manifest or {}).get(CORRECTS),
        was=(row.rejection or {}).get("was"),
        is_recall_begun=row.state == DeliveryState.RECALLED and not recalls.is_done(row),
        is_of_first_books=bool(receipt) and "replaces" not in receipt,
    )


def now(delivery: str) -> Delivery | None:
    """The ledger row of a delivery as it is at this moment, None where there is none."""
    with session() as at:
        return at.scalar(select(Delivery).where(Delivery.delivery_id == delivery))


def document_sha256(document: Mapping[str, Any]) -> str:
    """Hash of a JSON document whatever its layout and the order of its keys (as RFC 8785 sorts them, in ASCII)."""
    text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def _outbox_keys(receipt: Mapping[str, Any], versions: Mapping[str, Any]) -> tuple[str, ...]:
    named = {name: key for name, key in (receipt.get("outbox") or {}).items() if key}
    first = [named["receipt"]] if "receipt" in named else []
    return tuple(dict.fromkeys([*first, *named.values(), *versions]))
