"""Refine as a job: deliveries of a feed from bronze to silver and quarantine, each closed by its receipt."""

from collections.abc import Iterator, Sequence
from typing import Any

from expectations.contract.feed import FeedContract
from expectations.rejections import DeliveryRejected
from spark_jobs.base.failpoints import failpoint
from spark_jobs.base.logs import logger
from spark_jobs.control import in_force, ledger
from spark_jobs.control.exclusive import Exclusive, exclusive
from spark_jobs.control.ledger import Interval
from spark_jobs.control.outcome import Outcome
from spark_jobs.control.provenance import refine_fingerprint
from spark_jobs.control.schema import Delivery, DeliveryState
from spark_jobs.intake.faults import TRIES, is_of_the_machine
from spark_jobs.jobs.absences import take_back
from spark_jobs.jobs.failures import as_readable, note_failure
from spark_jobs.jobs.replacement import older_versions, settle
from spark_jobs.receipts import closing

log = logger("refine")

_BATCH_ROWS = 20_000_000
"""Deliveries are refined together up to this many records: one commit for many small files."""


def refine(contract: FeedContract, interval: Interval | None = None) -> list[dict[str, Any]]:
    """Refine what waits in bronze; returns the receipts.

    With an interval, deliveries of it that an older contract or code refined are refined again and replaced. One
    delivery that cannot be refined keeps none of the others back.

    Raises:
        LakeError: another process refines this feed, or the engine cannot do the work.
    """
    with exclusive(f"refine:{contract.id}") as alone:
        receipts = settle(contract)
        for batch in _batches(_waiting(contract, interval)):
            receipts += _refine_together(batch, contract, alone)
        receipts += settle(contract)
        if receipts:
            take_back(contract)
        return receipts


def _waiting(contract: FeedContract, interval: Interval | None) -> list[Delivery]:
    # As in collect: what was pulled is due whatever the interval is.
    of = None if contract.arrival.is_pulled else interval
    waiting = list(ledger.in_states(contract.id, [DeliveryState.PARSED], of))
    if interval is not None:
        waiting += ledger.refined_otherwise(contract.id, interval, refine_fingerprint(contract))
    if any((row.manifest or {}).get(in_force.CORRECTS) for row in waiting):
        # What is corrected comes first, whatever its business date.
        waiting.sort(key=lambda row: row.sequence)
    return waiting


def _batches(waiting: Sequence[Delivery]) -> Iterator[list[Delivery]]:
    """Deliveries that are refined together; one that replaces others is not in one batch with them."""
    batch: list[Delivery] = []
    keys: set[str] = set()
    rows = 0
    for delivery in waiting:
        count = closing.delivery_rows(delivery)
        replaced = {delivery.object_key, *(old.object_key for old in in_force.corrected_by(delivery))}
        if batch and (rows + count > _BATCH_ROWS or replaced & keys):
            yield batch
            batch, keys, rows = [], set(), 0
        batch.append(delivery)
        keys.add(delivery.object_key)
        rows += count
    if batch:
        yield batch


def _refine_together(batch: list[Delivery], contract: FeedContract, alone: Exclusive) -> list[dict[str, Any]]:
    """Receipts of a batch; where it fails as a whole, each delivery is tried by itself."""
    replaced = older_versions(batch, contract)
    try:
        outcomes = _outcomes(batch, replaced, contract)
    except Exception as error:
        if is_of_the_machine(error):
            raise as_readable(error, contract.id) from error
        if len(batch) == 1:
            return _failed(batch[0], contract, error)
        return [receipt for one in batch for receipt in _refine_together([one], contract, alone)]
    alone.check()
    receipts = []
    for delivery in batch:
        receipts += _close(delivery, contract, outcomes[delivery.delivery_id], replaced)
        failpoint("refine.after_ledger_commit")
    return receipts


def _failed(delivery: Delivery, contract: FeedContract, error: Exception) -> list[dict[str, Any]]:
    """The receipt of a delivery that failed for the last time; none where it is tried again."""
    if note_failure(delivery, error, "refine") < TRIES or contract.arrival.yields == "rows":
        return []
    reference = (delivery.failure or {})["reference"]
    rejection = DeliveryRejected("could_not_be_read", reference=reference)
    return _close(delivery, contract, Outcome(delivery.delivery_id, rejection=rejection), {})


def _outcomes(batch: list[Delivery], replaced: dict[str, list[Delivery]], contract: FeedContract) -> dict[str, Outcome]:
    """Outcome of each delivery; those without records need no Spark, unless they take the place of others."""
    from spark_jobs.refine.batch import BronzeDelivery, refine_batch

    full = [
        BronzeDelivery(
            row.delivery_id,
            row.business_date,
            row.sequence,
            closing.delivery_rows(row),
            tuple(old.delivery_id for old in replaced.get(row.delivery_id, ())),
            is_correction=bool((row.accounting or {}).get("is_correction")),
        )
        for row in batch
        if row.business_date and (closing.delivery_rows(row) or row.delivery_id in replaced)
    ]
    outcomes = {row.delivery_id: Outcome(row.delivery_id) for row in batch}
    if full:
        from spark_jobs.lake.engine.choice import engine

        with engine().opened(f"refine {contract.id}") as bench:
            made = refine_batch(bench, contract, full, refine_fingerprint(contract))
        outcomes |= {outcome.delivery_id: outcome for outcome in made}
    return outcomes


def _close(
    delivery: Delivery, contract: FeedContract, outcome: Outcome, replaced: dict[str, list[Delivery]]
) -> list[dict[str, Any]]:
    """The delivery's receipt; none where closing failed, which the next run makes good."""
    try:
        if outcome.rejection is not None:
            receipt = closing.reject(delivery, contract, outcome.rejection)
        else:
            older = replaced.get(delivery.delivery_id, [])
            receipt = closing.commit(delivery, contract, outcome, refine_fingerprint(contract), older)
    except Exception as error:
        note_failure(delivery, error, "close")
        return []
    counts = {name: receipt[name] for name in ("status", "accepted", "quarantined")}
    log.info("refined", feed=contract.id, delivery=delivery.delivery_id, **counts)
    return [receipt]
