"""Files of a listing against the ledger: what is new among them, and whether one has stopped growing.

Notifications get lost and last-modified cursors miss files; a listing that is compared misses nothing.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from typing import Protocol, TypeVar

from expectations.contract.feed import FeedContract
from expectations.rejections import DeliveryRejected
from spark_jobs.base.failures import keep_failure
from spark_jobs.base.settings import settings
from spark_jobs.control import ledger
from spark_jobs.control.ledger import Known
from spark_jobs.control.schema import Delivery, DeliveryState
from spark_jobs.intake.channel import Arrival
from spark_jobs.intake.faults import TRIES, is_of_the_machine
from spark_jobs.lake.storage.objects import ObjectGone

WITHDRAWN = "withdrawn_before_processing"
"""The answer to a file that went away; should it be there again it has yet to be read, whatever its time and size."""
_LATER = timedelta(hours=1)
"""A clock of a sender may be so far before ours; a file from further on is dated by when we first saw it."""


class Listed(Protocol):
    """A file as a listing saw it; see ObjectVersion, which is one."""

    @property
    def key(self) -> str:
        """Names it within the feed's channel."""

    @property
    def version(self) -> str:
        """Of this content."""

    @property
    def bytes(self) -> int:
        """Its size."""

    @property
    def modified(self) -> datetime:
        """When it was last written, as its sender says."""

    @property
    def mark(self) -> str | None:
        """See ObjectVersion.mark."""


File = TypeVar("File", bound=Listed)


def news(
    contract: FeedContract, files: Iterable[File], look_at: Callable[[File, Known | None], Arrival | None]
) -> Iterator[Arrival]:
    """What the ledger is not done with, oldest first; a file that cannot be looked at hinders no other.

    Args:
        contract: of the feed.
        files: of its channel.
        look_at: what a file is, given the newest row of its key; None: what the ledger has already.

    Raises:
        LakeError: the store cannot be read, which says nothing of any file.
    """
    known = ledger.known(contract.id)
    withdrawn = cache(lambda: ledger.rejected_for(contract.id, WITHDRAWN))
    for item in sorted(files, key=lambda item: (item.modified, item.key)):
        row = known.get(item.key)
        if _is_settled(item, row) and not (row and _is_back(contract, item, row, withdrawn)):
            continue
        try:
            arrival = look_at(item, row)
        except ObjectGone:
            continue  # taken away since the listing; what is there now is told by the next one
        except Exception as error:
            if is_of_the_machine(error):
                raise
            arrival = replace(sighted(contract, item, row), failure=keep_failure(error, "find", contract.id))
        if arrival is not None:
            yield arrival


def sighted(contract: FeedContract, item: Listed, row: Known | None) -> Arrival:
    """The file as its listing tells it, counted among the comings of its version; not known to be complete."""
    arrival = _seen(item, row)
    if row is None or (row.state == DeliveryState.SEEN and row.version == item.version):
        return arrival
    return replace(arrival, sight=ledger.sights(contract.id, item.key, item.version) + 1)


def seen_before(arrival: Arrival) -> Delivery | None:
    """The ledger's row of a file that was still growing when it was last looked at."""
    return ledger.by_sequence(arrival.sequence) if arrival.sequence is not None else None


def is_still(item: Listed, row: Delivery | None, now: datetime, seconds: int) -> bool:
    """Whether a file has not changed for so long.

    Args:
        item: the file now.
        row: see `seen_before`.
        now: the time of the listing.
        seconds: how long it takes.
    """
    return now - _still_since(item, row, now) >= timedelta(seconds=seconds)


def refuse_too_large(item: Listed) -> None:
    """Refuse a file that would fill the disk, if its size is true or not: a sparse file takes no room where it lies.

    Raises:
        DeliveryRejected: `file_too_large`.
    """
    limit = int(settings().delivery_bytes)
    if item.bytes > limit:
        raise DeliveryRejected("file_too_large", actual=item.bytes, limit=limit)


def _still_since(item: Listed, row: Delivery | None, now: datetime) -> datetime:
    """Since when a file has not changed; its own time is old enough where it came long before we looked."""
    if row is not None and row.object_version != item.version:
        return now
    if item.modified > now + _LATER:
        return row.unchanged_since if row else now
    if row is not None and row.unchanged_since > row.first_seen_at:
        return max(item.modified, row.unchanged_since)
    return item.modified


def _is_settled(item: Listed, row: Known | None) -> bool:
    """The ledger has this very content and is done with looking at it."""
    if row is None or row.version != item.version or row.state == DeliveryState.SEEN:
        return False
    return item.mark is None or row.mark == item.mark


def _is_back(contract: FeedContract, item: Listed, row: Known, withdrawn: Callable[[], frozenset[int]]) -> bool:
    """A file that was not there when it was to be fetched, and is listed again; not one that never is there."""
    if item.mark is not None or row.state != DeliveryState.REJECTED or row.sequence not in withdrawn():
        return False
    return ledger.sights(contract.id, item.key, item.version) < TRIES


def _seen(item: Listed, row: Known | None) -> Arrival:
    growing = row.sequence if row is not None and row.state == DeliveryState.SEEN else None
    return Arrival(item.key, item.version, item.modified, item.bytes, item.mark, sequence=growing, is_complete=False)
