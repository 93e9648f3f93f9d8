"""A newer version of an object, or a correction, takes an older one's place: which are older, what is left to do."""

from collections.abc import Sequence
from typing import Any

from expectations.contract.feed import FeedContract
from spark_jobs.base.failpoints import failpoint
from spark_jobs.base.logs import logger
from spark_jobs.control import in_force, ledger
from spark_jobs.control.schema import Delivery, DeliveryState
from spark_jobs.intake import bronze
from spark_jobs.jobs import recalling
from spark_jobs.receipts import closing

log = logger("replacement")


def older_versions(deliveries: Sequence[Delivery], contract: FeedContract) -> dict[str, list[Delivery]]:
    """Of each delivery that replaces others: those whose rows hold until then, oldest first.

    They are older versions of its object, and what its manifest says that it corrects.
    """
    replaces = contract.on_new_version == "replace"
    counting = in_force.of_objects(contract.id, {row.object_key for row in deliveries}) if replaces else ()
    found = {}
    for row in deliveries:
        older = {old.sequence: old for old in counting if old.object_key == row.object_key}
        older |= {old.sequence: old for old in in_force.corrected_by(row) if old.state in in_force.COUNTING}
        found[row.delivery_id] = [older[place] for place in sorted(older) if place < row.sequence]
    return {name: older for name, older in found.items() if older}


def settle(contract: FeedContract) -> list[dict[str, Any]]:
    """Finish what follows from closed deliveries, also after a crash; returns the second receipts.

    Recalls that were begun come to their end. What a committed delivery replaced gets its second receipt, and what was
    turned away as a duplicate of that waits again; the records of rejected and replaced deliveries leave bronze.
    """
    receipts = recalling.finish(contract)
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
