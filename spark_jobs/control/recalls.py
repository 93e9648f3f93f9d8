"""Recalls in the ledger: a delivery that is taken back, who did that and why, and whether all has followed."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select, update

from spark_jobs.base.errors import LakeError
from spark_jobs.control.database import session
from spark_jobs.control.schema import Delivery, DeliveryState

CODE = "recalled"
"""Of the document in `Delivery.rejection`, and the status of the receipt that ends a recall.

The document has the message and fix of the reason, and: `reason` in the words of whoever recalled it, `by`, `was` (the
state before), `replaced_by` (the delivery that stands in its place, if there is one), `rows` by table, `carried_on` and
`tables`. All of it is found before anything changes, so that a recall that is interrupted ends with the same receipt.
"""


def begin(delivery: Delivery, document: dict[str, Any]) -> None:
    """Take a delivery out of force: from now on nothing counts it, and tables, receipt and publication follow.

    Raises:
        LakeError: it has gone on since it was looked at.
    """
    same = update(Delivery).where(
        Delivery.sequence == delivery.sequence,
        Delivery.state == delivery.state,
        Delivery.claim_epoch == delivery.claim_epoch,
    )
    with session() as at:
        changed = at.execute(same.values(state=DeliveryState.RECALLED, rejection=document))
        at.commit()
    if changed.rowcount != 1:  # type: ignore[attr-defined]
        raise LakeError(
            f"delivery {delivery.delivery_id} has gone on since it was looked at; nothing was recalled",
            "run the same command again",
        )
    delivery.state, delivery.rejection = DeliveryState.RECALLED, document


def is_done(delivery: Delivery) -> bool:
    """Silver has followed, and the receipt that says so is out."""
    return delivery.state == DeliveryState.RECALLED and (delivery.receipt or {}).get("status") == CODE


def begun(feed: str) -> Sequence[Delivery]:
    """Recalls of a feed that have yet to come to their end, oldest first."""
    query = select(Delivery).where(Delivery.feed == feed, Delivery.state == DeliveryState.RECALLED.value)
    is_over = Delivery.receipt["status"].as_string() == CODE
    with session() as at:
        return at.scalars(query.where(~is_over).order_by(Delivery.sequence)).all()


def of_feed(feed: str) -> list[str]:
    """Ids of the deliveries of a feed that were recalled."""
    query = select(Delivery.delivery_id).where(Delivery.feed == feed, Delivery.state == DeliveryState.RECALLED.value)
    with session() as at:
        return list(at.scalars(query.order_by(Delivery.sequence)))
