"""Refine as a job: deliveries of a feed from bronze to silver and quarantine, each closed by its receipt."""

from collections.abc import Iterator, Sequence
from typing import Any

from expectations.contract.feed import FeedContract
from spark_jobs.base.errors import LakeError
from spark_jobs.base.failpoints import failpoint
from spark_jobs.base.logs import logger
from spark_jobs.base.settings import settings
from spark_jobs.control import ledger
from spark_jobs.control.exclusive import exclusive
from spark_jobs.control.ledger import Interval
from spark_jobs.control.outcome import Outcome
from spark_jobs.control.provenance import refine_fingerprint
from spark_jobs.control.schema import Delivery, DeliveryState
from spark_jobs.receipts import closing

log = logger("refine")

_BATCH_ROWS = 20_000_000
"""Deliveries are refined together up to this many records: one commit for many small files."""


def refine(contract: FeedContract, interval: Interval | None = None) -> list[dict[str, Any]]:
    """Refine what waits in bronze; returns the receipts.

    With an interval, deliveries of it that an older contract or code refined are refined again and replaced.

    Raises:
        LakeError: another process refines this feed, or the lake server cannot do the work.
    """
    with exclusive(f"refine:{contract.id}") as alone:
        waiting = ledger.in_states(contract.id, [DeliveryState.PARSED], interval)
        if interval is not None:
            done = ledger.in_states(contract.id, [DeliveryState.COMMITTED], interval)
            waiting = [*waiting, *(row for row in done if row.refine_fingerprint != refine_fingerprint(contract))]
        receipts = []
        for batch in _batches(waiting):
            closed = _refine_batch(batch, contract)
            alone.check()
            for delivery, outcome in closed:
                receipts.append(_close(delivery, contract, outcome))
                failpoint("refine.after_ledger_commit")
        return receipts


def _batches(waiting: Sequence[Delivery]) -> Iterator[list[Delivery]]:
    batch: list[Delivery] = []
    rows = 0
    for delivery in waiting:
        count = closing.delivery_rows(delivery)
        if batch and rows + count > _BATCH_ROWS:
            yield batch
            batch, rows = [], 0
        batch.append(delivery)
        rows += count
    if batch:
        yield batch


def _refine_batch(batch: list[Delivery], contract: FeedContract) -> list[tuple[Delivery, Outcome]]:
    """Outcome of each delivery; those without records need no Spark."""
    from spark_jobs.refine.batch import BronzeDelivery, refine_batch

    full = [row for row in batch if closing.delivery_rows(row) and row.business_date]
    outcomes: dict[str, Outcome] = {}
    if full:
        from spark_jobs.lake.server import session

        bronze = [
            BronzeDelivery(row.delivery_id, row.business_date, row.sequence, closing.delivery_rows(row))
            for row in full
            if row.business_date
        ]
        try:
            with session.connected(f"refine {contract.id}") as spark:
                made = refine_batch(spark, contract, bronze, refine_fingerprint(contract), failpoint)
        except Exception as error:
            raise _readable(error, contract) from error
        outcomes = {outcome.delivery_id: outcome for outcome in made}
    return [(row, outcomes.get(row.delivery_id) or Outcome(row.delivery_id)) for row in batch]


def _close(delivery: Delivery, contract: FeedContract, outcome: Outcome) -> dict[str, Any]:
    if outcome.rejection is not None:
        receipt = closing.reject(delivery, contract, outcome.rejection)
    else:
        receipt = closing.commit(delivery, contract, outcome, refine_fingerprint(contract))
    log.info(
        "refined",
        feed=contract.id,
        delivery=delivery.delivery_id,
        status=receipt["status"],
        accepted=receipt["accepted"],
        quarantined=receipt["quarantined"],
    )
    return receipt


def _readable(error: Exception, contract: FeedContract) -> Exception:
    """A full disk as an error that names the disk; anything else as it is."""
    if "No space left on device" in str(error):
        return LakeError(
            f"{contract.id}: no space left on the disk of {settings().home}; nothing was committed",
            "free space there, then run the same command again",
        )
    return error
