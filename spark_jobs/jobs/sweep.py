"""Sweep: list every inbox once, enter what has arrived, and answer what cannot become a delivery."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import cache

from expectations.contract.catalogue import load_feeds
from expectations.contract.feed import FeedContract
from spark_jobs.base.failures import keep_failure
from spark_jobs.base.logs import logger
from spark_jobs.control import ledger
from spark_jobs.control.exclusive import exclusive
from spark_jobs.control.lease import LeaseTaken
from spark_jobs.control.schema import DeliveryState
from spark_jobs.intake.channels.drop import DropChannel
from spark_jobs.intake.enter import enter
from spark_jobs.intake.manifest import SUFFIX
from spark_jobs.intake.strays import Places, Stray, strays
from spark_jobs.jobs.ending import end
from spark_jobs.lake.storage.objects import ObjectVersion
from spark_jobs.lake.storage.room import full_inboxes
from spark_jobs.lake.storage.store import Store, open_store
from spark_jobs.receipts import notices

log = logger("sweep")


def sweep(
    contracts: Iterable[FeedContract] | None = None, store: Store | None = None, now: datetime | None = None
) -> list[str]:
    """List the inbox once and enter what is new; returns the feeds that have a complete delivery, sorted.

    Whatever one object does, every other one of every department is entered or answered.
    """
    store, now = store or open_store(), now or datetime.now(UTC)
    places = Places(contracts or load_feeds())
    look = store.look("inbox")
    dropped = {feed: contract for feed, contract in places.feeds.items() if places.is_dropped(feed)}
    listed: dict[str, list[ObjectVersion]] = {feed: [] for feed in dropped}
    for item in look.objects:
        feed = "/".join(item.key.split("/", 2)[:2])
        if feed in listed:
            listed[feed].append(item)
    for place in full_inboxes(store, dropped):
        log.warning("disk is full, files there may be cut off: free space", place=place)
    for feed, objects in listed.items():
        if not objects:
            continue
        try:
            _enter(dropped[feed], objects, store, now)
        except Exception as error:
            failure = keep_failure(error, "sweep", feed)
            log.error("feed not swept", feed=feed, error=failure["error"], reference=failure["reference"])
    known = cache(ledger.known)
    notices.answer(stray for stray in strays(look, places, now) if not _was_taken(stray, known))
    return sorted(ledger.feeds_in(DeliveryState.STABLE) & dropped.keys())


def _was_taken(stray: Stray, known: Callable[[str], dict[str, ledger.Known]]) -> bool:
    """What came into the inbox before the feed was fetched in another way: the ledger has it, or its file."""
    if stray.code != "pulled_feed":
        return False
    file = stray.key.removesuffix(SUFFIX)
    row = known("/".join(stray.key.split("/", 2)[:2])).get(file)
    return row is not None and (file != stray.key or row.version == stray.version)


def _enter(contract: FeedContract, objects: Iterable[ObjectVersion], store: Store, now: datetime) -> None:
    """Enter what is new among these objects of a feed's folder, and close what is over with that.

    Nothing is entered while another process collects the feed, which lists the folder itself.
    """
    channel = DropChannel()
    if next(channel.among(contract, objects, store, now), None) is None:
        return
    try:
        with exclusive(f"collect:{contract.id}", wait_seconds=0):
            # Asked again, as a collect may have entered some of them before the lease was had.
            end(contract, enter(contract, channel.among(contract, objects, store, now), now))
    except LeaseTaken:
        log.info("feed is being collected", feed=contract.id)
