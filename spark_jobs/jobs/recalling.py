"""Bring a recall to its end: silver without the delivery, what stood behind it in force again, the receipt."""

from typing import Any

from expectations.contract.feed import FeedContract
from spark_jobs.base.failpoints import failpoint
from spark_jobs.base.logs import logger
from spark_jobs.control import in_force, recalls
from spark_jobs.control.provenance import refine_fingerprint
from spark_jobs.control.schema import Delivery, DeliveryState
from spark_jobs.receipts import closing

log = logger("recall")


def finish(contract: FeedContract) -> list[dict[str, Any]]:
    """End every recall of the feed that was begun, also by a process that died; returns their receipts.

    Who calls it has the right to refine the feed.
    """
    return [_finish(contract, delivery) for delivery in recalls.begun(contract.id)]


def _finish(contract: FeedContract, delivery: Delivery) -> dict[str, Any]:
    version = _withdrawn(contract, delivery)
    failpoint("recall.after_silver_commit")
    bring_back(contract, delivery)
    failpoint("recall.after_bringing_back")
    receipt = closing.recall(delivery, contract, version)
    failpoint("recall.after_receipt")
    log.info("recalled", feed=contract.id, delivery=delivery.delivery_id, silver_version=version)
    return receipt


def _withdrawn(contract: FeedContract, delivery: Delivery) -> int | None:
    """The version of silver without the delivery; None where it had no rows there."""
    if (delivery.rejection or {}).get("was") != DeliveryState.COMMITTED:
        return None
    from spark_jobs.lake.engine.choice import engine
    from spark_jobs.refine.write import withdraw

    with engine().opened(f"recall {contract.id}") as bench:
        return withdraw(bench, contract, [delivery.delivery_id], refine_fingerprint(contract))


def bring_back(contract: FeedContract, delivery: Delivery) -> None:
    """What was in the delivery's shadow waits again, to be done anew from its bytes.

    Older versions and corrected deliveries whose place it took, unless another stands in its own place; and what was
    turned away for having its bytes.
    """
    said = delivery.rejection or {}
    if said.get("was") != DeliveryState.COMMITTED:
        return
    if said.get("replaced_by") is None:
        in_force.reopen(row.sequence for row in behind(contract, delivery.delivery_id))
    if delivery.sha256 is not None:
        for name in in_force.reopen_duplicates(contract.id, delivery.sha256):
            log.info("waits again", feed=contract.id, delivery=name, duplicate_of=delivery.delivery_id)


def behind(contract: FeedContract, newer: str) -> list[Delivery]:
    """Deliveries that would be in force if a delivery had never come, oldest first.

    What stood in the place of one that was recalled itself stands in the place of what that one had replaced.
    """
    found: dict[int, Delivery] = {}
    for row in in_force.in_place_of(contract.id, newer):
        if row.state == DeliveryState.REPLACED:
            found[row.sequence] = row
        else:
            found |= {each.sequence: each for each in behind(contract, row.delivery_id)}
    return [found[sequence] for sequence in sorted(found)]
