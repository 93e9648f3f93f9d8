"""A newer version of an object takes the place of the older one: which are older, and what is left to be done."""

from collections.abc import Sequence
from typing import Any

from expectations.contract.feed import FeedContract
from spark_jobs.base.failpoints import failpoint
from spark_jobs.base.logs import logger
from spark_jobs.control import in_force, ledger
from spark_jobs.control.schema import Delivery, DeliveryState
from spark_jobs.intake import bronze
from spark_jobs.receipts import closing

log = logger("replacement")


def older_versions(deliveries: Sequence[Delivery], contract: FeedContract) -> dict[str, list[Delivery]]:
    """Of each delivery that replaces others: the older versions of its object whose rows hold until then."""
    if contract.on_new_version == "add":
        return {}
    counting = in_force.of_objects(contract.id, {row.object_key for row in deliveries})
    found = {
        row.delivery_id: [old for old in counting if old.object_key == row.object_key and old.sequence < row.sequence]
        for row in deliveries
    }
    return {name: older for name, older in found.items() if older}


def settle(contract: FeedContract) -> list[dict[str, Any]]:
    """Finish what follows from closed deliveries, also after a crash; returns the second receipts.

    Older versions that a committed one replaced get their second receipt, and what was turned away as their duplicate
    waits again; the records of rejected and replaced deliveries leave bronze.
    """
    receipts = []
    for newer in in_force.replacing(contract.id):
        for old in older_versions([newer], contract).get(newer.delivery_id, ()):
            _bring_back(contract, old)
            receipts.append(closing.replace(old, contract, newer))
            failpoint("replacement.after_receipt")
    _clear_bronze(contract)
    return receipts


def _bring_back(contract: FeedContract, old: Delivery) -> None:
    """What was turned away because its bytes were those of `old` is news now, and waits to be taken in."""
    if old.sha256 is None:
        return
    for name in in_force.reopen_duplicates(contract.id, old.sha256):
        log.info("waits again", feed=contract.id, delivery=name, duplicate_of=old.delivery_id)
    failpoint("replacement.after_bringing_back")


def _clear_bronze(contract: FeedContract) -> None:
    over = [DeliveryState.REJECTED, DeliveryState.REPLACED]
    left = in_force.with_bronze(contract.id, over)
    if not left:
        return
    bronze.remove(contract, list(left.values()))
    failpoint("replacement.after_bronze_removal")
    for sequence in left:
        ledger.change(sequence, bronze_version=None)
