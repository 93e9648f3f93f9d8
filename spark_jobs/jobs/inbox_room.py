"""A department whose inbox lies on a full disk cannot send: its feeds say so, with what may have been cut off."""

from pathlib import Path

from expectations.contract.feed import FeedContract
from spark_jobs.base.errors import LakeError
from spark_jobs.base.visible import visible
from spark_jobs.control import ledger
from spark_jobs.control.schema import DeliveryState
from spark_jobs.lake.storage.store import open_store

_SHOWN = 3
_NEXT = "free space there, nothing else: the next check takes what is whole"


class InboxFull(LakeError):  # noqa: N818  (the steps after collect go on)
    """The disk of a feed's inbox is full; whatever was whole there has been taken.

    Args:
        feed: whose inbox it is.
        place: where the disk begins.
        doubtful: names of the files that may have been cut off.
    """

    def __init__(self, feed: str, place: Path, doubtful: list[str]) -> None:
        step = f"{_NEXT}; a file without a manifest is to be sent again, or its manifest with it" if doubtful else _NEXT
        super().__init__(f"{feed}: the disk of {place} is full, nothing more can be sent there{_told(doubtful)}", step)


def require_room(contract: FeedContract) -> None:
    """See that the department can put files into the feed's inbox.

    Raises:
        InboxFull: it cannot.
    """
    if contract.arrival.is_pulled:
        return
    place = open_store().full_place("inbox", contract.id)
    if place is not None:
        waiting = ledger.in_states(contract.id, [DeliveryState.SEEN], only=("object_key", "full_disk_at"))
        doubtful = sorted(row.object_key.rpartition("/")[2] for row in waiting if row.full_disk_at is not None)
        raise InboxFull(contract.id, place, doubtful)


def _told(doubtful: list[str]) -> str:
    if not doubtful:
        return ""
    more = f" and {len(doubtful) - _SHOWN} more" if len(doubtful) > _SHOWN else ""
    names = ", ".join(visible(name) for name in doubtful[:_SHOWN])
    return f"; not taken, as they may be cut off in the middle: {names}{more}"
