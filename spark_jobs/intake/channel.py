"""What a channel is: it finds what has arrived for a feed, and fetches the bytes of one of its deliveries."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Protocol

from expectations.contract.feed import FeedContract
from expectations.rejections import DeliveryRejected
from spark_jobs.control.ledger import Interval
from spark_jobs.control.schema import Delivery


@dataclass(frozen=True)
class Arrival:
    """One thing that a channel found: a version of an object, or a window of a bureau's system."""

    key: str
    """Names it within the feed's channel; untrusted text, never a local path."""
    version: str
    modified: datetime
    bytes: int = 0
    """Of a file; 0 where the size is known only after reading."""
    mark: str | None = None
    """See Delivery.object_mark."""
    sight: int = 1
    """See Delivery.sight."""
    sequence: int | None = None
    """Ledger row of the same object, where it was seen before and was still growing."""
    business_date: date | None = None
    window: tuple[datetime, datetime] | None = None
    """Pulls: the update times read, start inclusive, end exclusive."""
    manifest: dict[str, Any] | None = None
    is_complete: bool = True
    """False: it may still be growing, so it is noted and looked at again."""
    is_on_full_disk: bool = False
    """There is no room for more where it lies, so whoever wrote it may have been cut off."""
    rejection: DeliveryRejected | None = None
    """Why nothing of it can be used, where that is plain from outside."""
    failure: dict[str, Any] | None = None
    """It could not even be looked at: kind of error and the reference of its traceback."""


class Channel(Protocol):
    """How deliveries of one kind of arrival are found and fetched; it writes nothing into the ledger."""

    def find(self, contract: FeedContract, interval: Interval | None, now: datetime) -> Iterator[Arrival]:
        """What has arrived for the feed and is not in the ledger yet, or was still growing; oldest first.

        Whatever is wrong with one arrival is told of that one; the others are found all the same.

        Raises:
            LakeError: the source or the store cannot be reached; nothing is known of what has arrived.
        """

    def fetch(self, contract: FeedContract, delivery: Delivery, to: Path) -> str:
        """Write the bytes of a delivery to a local file; returns their SHA-256 in hex.

        Rows are written in the canonical form, see spark_jobs/intake/canonical.py.

        Raises:
            DeliveryRejected: what arrived is no longer there.
            LakeError: the source cannot be read; the delivery stays as it is, for the next run.
        """

    def notes(self, contract: FeedContract, delivery: Delivery, path: Path) -> list[str]:
        """What the receipt says of what was fetched, in Chinese; it follows from the file and the delivery alone."""

    def check(self, contract: FeedContract) -> str:
        """Try the feed's source once, changing nothing; returns in plain words what is there.

        Raises:
            LakeError: what is wrong with it, and what to do.
        """
