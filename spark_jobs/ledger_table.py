"""The ledger's deliveries as a table that the warehouse reads: what came when, and how many rows became what.

It is written anew at each build, from the last receipt of each delivery; it has no bytes, file names or values.
"""

from collections.abc import Iterable
from typing import Any

import pyarrow as pa
from sqlalchemy import func, select

from expectations.contract.catalogue import Heading, feed_ids, load_heading
from expectations.contract.channels import CHANNEL_OPTIONS
from spark_jobs.control.database import session
from spark_jobs.control.schema import Delivery, ReceiptLink
from spark_jobs.lake.storage import delta_commits
from spark_jobs.lake.storage.delta_commits import Signed

TABLE = "ledger_delivery"
_SIGNED = Signed("ledger")
SCHEMA = pa.schema(
    {
        "sequence": pa.int64(),
        "delivery_id": pa.string(),
        "feed": pa.string(),
        "agency": pa.string(),
        "feed_title": pa.string(),
        "channel": pa.string(),
        "state": pa.string(),
        "status": pa.string(),
        "business_date": pa.date32(),
        "received_at": pa.timestamp("us", "UTC"),
        "closed_at": pa.timestamp("us", "UTC"),
        "is_late": pa.bool_(),
        "bytes": pa.int64(),
        "rows_counted": pa.int64(),
        "accepted": pa.int64(),
        "quarantined": pa.int64(),
        "rejection": pa.string(),
        "reasons": pa.map_(pa.string(), pa.int64()),
        "warnings": pa.map_(pa.string(), pa.int64()),
    }
)


def write() -> None:
    """Make the table what the ledger says now."""
    delta_commits.put("reference", TABLE, pa.Table.from_pylist(list(_rows()), schema=SCHEMA), _SIGNED)


def _rows() -> Iterable[dict[str, Any]]:
    """A row for each delivery of a feed that has a contract; counts are null before the first receipt."""
    newest = (
        select(ReceiptLink.delivery_id, func.max(ReceiptLink.number).label("number"))
        .group_by(ReceiptLink.delivery_id)
        .subquery()
    )
    query = (
        select(
            Delivery.sequence,
            Delivery.delivery_id,
            Delivery.feed,
            Delivery.state,
            Delivery.business_date,
            Delivery.modified_at.label("received_at"),
            Delivery.closed_at,
            Delivery.bytes,
            ReceiptLink.counts,
        )
        .outerjoin(newest, newest.c.delivery_id == Delivery.delivery_id)
        .outerjoin(
            ReceiptLink,
            (ReceiptLink.delivery_id == newest.c.delivery_id) & (ReceiptLink.number == newest.c.number),
        )
        .order_by(Delivery.sequence)
    )
    known = set(feed_ids())
    with session() as at:
        found = at.execute(query).mappings().all()
    headings = {feed: load_heading(feed) for feed in {each["feed"] for each in found} & known}
    return (_row(dict(each), headings[each["feed"]]) for each in found if each["feed"] in headings)


def _row(delivery: dict[str, Any], heading: Heading) -> dict[str, Any]:
    counts = delivery.pop("counts") or {}
    return {
        **delivery,
        "agency": delivery["feed"].partition("/")[0],
        "feed_title": heading.title,
        "channel": CHANNEL_OPTIONS[heading.kind].yields,
        "status": counts.get("status"),
        **{name: counts.get(name) for name in ("rows_counted", "accepted", "quarantined", "rejection", "is_late")},
        **{kind: list((counts.get(kind) or {}).items()) for kind in ("reasons", "warnings")},
    }
