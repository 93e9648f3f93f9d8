"""End deliveries: the receipt of each goes out, and one that cannot be closed keeps none of the others back."""

from collections.abc import Iterable
from typing import Any

from expectations.contract.feed import FeedContract
from spark_jobs.base.logs import logger
from spark_jobs.control.outcome import Outcome
from spark_jobs.control.schema import Delivery
from spark_jobs.jobs.failures import note_failure
from spark_jobs.receipts import closing

log = logger("closing")


def end(contract: FeedContract, ended: Iterable[tuple[Delivery, Outcome]]) -> list[dict[str, Any]]:
    """Close deliveries of which nothing is used; returns their receipts.

    What cannot be closed stays as it is, noted as failed, and is tried again by the next run.
    """
    receipts = []
    for delivery, outcome in ended:
        if outcome.rejection is None:
            raise ValueError(f"{delivery.delivery_id} is not over")
        try:
            receipts.append(closing.reject(delivery, contract, outcome.rejection))
        except Exception as error:
            note_failure(delivery, error, "close")
            continue
        log.info("rejected", feed=contract.id, delivery=delivery.delivery_id, code=outcome.rejection.code)
    return receipts
