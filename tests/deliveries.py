"""Deliveries as the ledger has them."""

from datetime import UTC, datetime
from uuid import uuid4

from spark_jobs.control.schema import Delivery, DeliveryState


def a_delivery() -> Delivery:
    """One that has come and is not read yet."""
    now = datetime(2020, 1, 24, tzinfo=UTC)
    return Delivery(
        delivery_id=uuid4().hex,
        feed="health/epidemic_daily",
        state=DeliveryState.STABLE,
        object_key="health/epidemic_daily/2020-01-24.csv",
        object_version=uuid4().hex,
        sight=1,
        bytes=10,
        modified_at=now,
        first_seen_at=now,
        unchanged_since=now,
        claim_epoch=0,
        attempts=0,
    )
