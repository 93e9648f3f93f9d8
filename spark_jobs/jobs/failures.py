"""What failed unexpectedly on one delivery: noted with it, so that the others go on; and what is not its fault."""

from spark_jobs.base.errors import LakeError
from spark_jobs.base.failures import keep_failure
from spark_jobs.base.logs import logger
from spark_jobs.base.settings import settings
from spark_jobs.control import ledger
from spark_jobs.control.schema import Delivery
from spark_jobs.intake.faults import is_of_the_machine
from spark_jobs.lake.storage.room import DiskFull

log = logger("failures")


def note_failure(delivery: Delivery, error: Exception, step: str) -> int:
    """Note that a delivery failed in a step; returns how often it has failed now.

    Raises:
        LakeError: the fault is the machine's, the store's or the database's: every delivery would meet it.
    """
    if is_of_the_machine(error):
        raise as_readable(error, delivery.feed) from error
    failure = keep_failure(error, step, f"{delivery.feed} {delivery.delivery_id}")
    delivery.attempts += 1
    delivery.failure = failure
    ledger.change(delivery.sequence, attempts=delivery.attempts, failure=failure)
    log.error("failed", feed=delivery.feed, delivery=delivery.delivery_id, attempts=delivery.attempts, **failure)
    return delivery.attempts


def note_without_blame(delivery: Delivery, error: Exception, step: str) -> None:
    """Note why a delivery waits, which is no try that has failed."""
    delivery.failure = keep_failure(error, step, f"{delivery.feed} {delivery.delivery_id}")
    ledger.change(delivery.sequence, failure=delivery.failure)
    log.error("waits", feed=delivery.feed, delivery=delivery.delivery_id, **delivery.failure)


def as_readable(error: Exception, feed: str) -> Exception:
    """A full disk as an error that names the disk; anything else as it is."""
    if not isinstance(error, DiskFull) and "No space left on device" in str(error):
        return LakeError(
            f"{feed}: no space left on the disk of {settings().home}; nothing was committed",
            "free space there, then run the same command again",
        )
    return error
