"""Enter arrivals in the ledger: the one place that does, whatever the channel."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice

from expectations.contract.feed import FeedContract
from expectations.rejections import DeliveryRejected
from spark_jobs.base.failpoints import failpoint
from spark_jobs.control import ledger
from spark_jobs.control.outcome import Outcome
from spark_jobs.control.schema import Delivery, DeliveryState
from spark_jobs.intake.channel import Arrival
from spark_jobs.intake.faults import TRIES

AT_ONCE = 500
"""New rows of one transaction."""


def enter(contract: FeedContract, arrivals: Iterable[Arrival], now: datetime) -> list[tuple[Delivery, Outcome]]:
    """Enter what arrived; returns the deliveries that are over with this, and what became of each."""
    ended: list[tuple[Delivery, Outcome]] = []
    for some in _batches(arrivals):
        rows = [_row(contract, arrival, now) for arrival in some]
        ledger.add(*(row for row, arrival in zip(rows, some, strict=True) if arrival.sequence is None))
        failpoint("intake.after_seen")
        for row, arrival in zip(rows, some, strict=True):
            if arrival.sequence is not None:
                row = _revised(contract, arrival, now)
            rejection = arrival.rejection or _given_up(row, arrival)
            if rejection is not None:
                ended.append((row, Outcome(row.delivery_id, rejection=rejection)))
    return ended


def _batches(arrivals: Iterable[Arrival]) -> Iterator[list[Arrival]]:
    left = iter(arrivals)
    while some := list(islice(left, AT_ONCE)):
        yield some


def _row(contract: FeedContract, arrival: Arrival, now: datetime) -> Delivery:
    window_from, window_to = arrival.window or (None, None)
    return Delivery(
        delivery_id=ledger.delivery_id(contract.id, arrival.key, arrival.version, arrival.sight),
        feed=contract.id,
        state=_state(arrival),
        object_key=arrival.key,
        object_version=arrival.version,
        object_mark=arrival.mark,
        sight=arrival.sight,
        bytes=arrival.bytes,
        modified_at=arrival.modified,
        first_seen_at=now,
        unchanged_since=now,
        full_disk_at=now if _may_be_cut_off(arrival) else None,
        business_date=arrival.business_date,
        window_from=window_from,
        window_to=window_to,
        manifest=arrival.manifest,
        claim_epoch=0,
        attempts=1 if arrival.failure else 0,
        failure=arrival.failure,
    )


def _state(arrival: Arrival) -> DeliveryState:
    is_whole = arrival.is_complete and arrival.rejection is None and arrival.failure is None
    return DeliveryState.STABLE if is_whole else DeliveryState.SEEN


def _may_be_cut_off(arrival: Arrival) -> bool:
    return arrival.is_on_full_disk and not arrival.is_complete


def _revised(contract: FeedContract, arrival: Arrival, now: datetime) -> Delivery:
    """The row of an object that was still growing, as the object is now."""
    row = ledger.by_sequence(arrival.sequence or 0)
    values: dict[str, object] = {"business_date": arrival.business_date, "object_mark": arrival.mark}
    if row.object_version != arrival.version:
        values |= {
            "delivery_id": ledger.delivery_id(contract.id, arrival.key, arrival.version, arrival.sight),
            "object_version": arrival.version,
            "sight": arrival.sight,
            "bytes": arrival.bytes,
            "modified_at": arrival.modified,
            "unchanged_since": now,
            "full_disk_at": None,
        }
    if _may_be_cut_off(arrival):
        values["full_disk_at"] = now
    if arrival.failure is not None:
        values |= {"attempts": row.attempts + 1, "failure": arrival.failure}
    if _state(arrival) == DeliveryState.STABLE:
        values |= {"state": DeliveryState.STABLE, "manifest": arrival.manifest, "attempts": 0, "full_disk_at": None}
    ledger.revise(row.sequence, **values)
    for name, value in values.items():
        setattr(row, name, value)
    return row


def _given_up(row: Delivery, arrival: Arrival) -> DeliveryRejected | None:
    """The answer to what could not be looked at so often as TRIES."""
    if arrival.failure is None or row.attempts < TRIES:
        return None
    return DeliveryRejected("could_not_be_read", reference=arrival.failure["reference"])
