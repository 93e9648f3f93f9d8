"""Inboxes on full disks, and the files that stood there and may be cut off, also when there is room again."""

from collections.abc import Iterable, Iterator

from sqlalchemy import select

from expectations.contract.feed import FeedContract
from spark_jobs.ask.audit.finding import Finding, shown
from spark_jobs.control.database import session
from spark_jobs.control.schema import Delivery, DeliveryState
from spark_jobs.lake.storage.objects import Store
from spark_jobs.lake.storage.room import full_inboxes


def check(contracts: Iterable[FeedContract], store: Store) -> Iterator[Finding]:
    """Findings on the inboxes of all feeds.

    Args:
        contracts: of all feeds.
        store: that holds the inboxes.
    """
    dropped = [contract.id for contract in contracts if not contract.arrival.is_pulled]
    for place in full_inboxes(store, dropped):
        yield Finding("inbox", place, "its disk is full: nothing more can be sent there", "free space there")
    query = select(Delivery.object_key, Delivery.delivery_id).where(
        Delivery.state == DeliveryState.SEEN.value, Delivery.full_disk_at.is_not(None)
    )
    with session() as at:
        doubtful = at.execute(query.order_by(Delivery.sequence)).all()
    for key, delivery in doubtful:
        what = "stood on a full disk without a manifest that fits: it may be cut off, and is not taken"
        step = "ask the department to send it again, or its manifest; lake sweep"
        yield Finding("inbox", f"inbox/{shown(key)}", what, step, delivery)
