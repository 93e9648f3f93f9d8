"""Collect: take the complete deliveries of one feed through landing into bronze."""

import os
import socket
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from expectations.contract.channels.jdbc import Options as Jdbc
from expectations.contract.feed import FeedContract
from expectations.rejections import DeliveryRejected
from spark_jobs.base.failpoints import failpoint
from spark_jobs.base.logs import logger
from spark_jobs.base.settings import settings
from spark_jobs.control import ledger
from spark_jobs.control.exclusive import Exclusive, exclusive
from spark_jobs.control.ledger import Interval
from spark_jobs.control.schema import Delivery, DeliveryState
from spark_jobs.intake import bronze
from spark_jobs.intake.channels import jdbc
from spark_jobs.intake.formats import open_decoder
from spark_jobs.intake.sweep import sweep_feed
from spark_jobs.lake.storage.objects import ObjectVersion
from spark_jobs.lake.storage.store import ObjectGone, Store, open_store
from spark_jobs.receipts import closing

log = logger("collect")


@dataclass(frozen=True)
class Collected:
    """What one run of collect did."""

    parsed: int
    rejected: int
    rows: int
    bytes: int


def collect(contract: FeedContract, interval: Interval | None = None) -> Collected:
    """Take in what has arrived for the feed, in the interval or, without one, until now.

    Raises:
        LakeError: another process collects this feed, or a source or the store cannot be reached.
    """
    store = open_store()
    with exclusive(f"collect:{contract.id}") as alone:
        if isinstance(contract.arrival, Jdbc):
            jdbc.pull(contract, contract.arrival, interval, store)
        else:
            sweep_feed(contract, store)
        waiting = ledger.in_states(contract.id, [DeliveryState.STABLE, DeliveryState.CLAIMED], interval)
        return _take_all(contract, waiting, store, alone)


def collect_deliveries(contract: FeedContract, deliveries: Sequence[Delivery]) -> Collected:
    """Take in these deliveries only."""
    with exclusive(f"collect:{contract.id}") as alone:
        return _take_all(contract, deliveries, open_store(), alone)


def _take_all(contract: FeedContract, waiting: Sequence[Delivery], store: Store, alone: Exclusive) -> Collected:
    parsed = rejected = rows = taken_bytes = 0
    for waiting_delivery in waiting:
        delivery = ledger.claim(waiting_delivery.sequence, f"{socket.gethostname()}:{os.getpid()}")
        if delivery is None:
            continue
        failpoint("intake.after_claim")
        try:
            _take(delivery, contract, store, alone)
            parsed += 1
            rows += closing.delivery_rows(delivery)
        except DeliveryRejected as reason:
            alone.check()
            closing.reject(delivery, contract, reason)
            rejected += 1
        taken_bytes += delivery.bytes
        log.info("collected", feed=contract.id, delivery=delivery.delivery_id, state=str(delivery.state))
    return Collected(parsed, rejected, rows, taken_bytes)


def _take(delivery: Delivery, contract: FeedContract, store: Store, alone: Exclusive) -> None:
    """Landing, bronze, accounting of one delivery.

    Raises:
        DeliveryRejected: nothing of it can be used.
    """
    spool = settings().home / "spool"
    spool.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=spool) as folder:
        path = Path(folder) / "delivery"
        sha256 = _fetch(delivery, store, path)
        _compare_with_manifest(delivery, sha256)
        earlier = ledger.same_content(delivery, sha256, per_date=contract.write.mode == "snapshot")
        if earlier is not None:
            raise DeliveryRejected("duplicate_delivery", duplicate_of=earlier.object_key.rsplit("/", 1)[-1])
        store.put_file("landing", landing_key(contract.id, sha256), path)
        failpoint("intake.after_landing_copy")
        decoder = open_decoder(path, contract)
        alone.check()
        version = bronze.write(contract, delivery.delivery_id, decoder)
    failpoint("intake.after_bronze_commit")
    accounting = decoder.accounting
    faults = closing.uncovered_bytes(accounting)
    if faults:
        raise ValueError(f"{delivery.delivery_id}: bytes not covered once: {faults[:5]}")
    if accounting.rows_counted != accounting.rows_parsed:
        raise DeliveryRejected("counters_disagree", counted=accounting.rows_counted, parsed=accounting.rows_parsed)
    if accounting.rows_counted == 0 and contract.checks.rows.empty == "reject":
        raise DeliveryRejected("no_records" if accounting.bytes else "zero_bytes")
    _compare_rows_with_manifest(delivery, accounting.rows_counted)
    ledger.advance(
        delivery, DeliveryState.PARSED, accounting=closing.stored(accounting), bronze_version=version, sha256=sha256
    )
    failpoint("intake.after_parsed")


def landing_key(feed: str, sha256: str) -> str:
    """Where the raw bytes are kept, by their content."""
    return f"{feed}/{sha256[:2]}/{sha256}"


def _fetch(delivery: Delivery, store: Store, path: Path) -> str:
    listed = ObjectVersion("inbox", delivery.object_key, delivery.object_version, delivery.bytes, delivery.modified_at)
    try:
        sha256 = store.fetch(listed, path)
    except ObjectGone as gone:
        raise DeliveryRejected("withdrawn_before_processing") from gone
    delivery.sha256 = sha256
    ledger.advance(delivery, DeliveryState.CLAIMED, sha256=sha256)
    return sha256


def _compare_with_manifest(delivery: Delivery, sha256: str) -> None:
    stated = (delivery.manifest or {}).get("sha256")
    if stated and str(stated).lower() != sha256:
        raise DeliveryRejected("manifest_mismatch", what="SHA-256", expected=stated, actual=sha256)


def _compare_rows_with_manifest(delivery: Delivery, rows: int) -> None:
    stated = (delivery.manifest or {}).get("rows")
    if stated is not None and int(stated) != rows:
        raise DeliveryRejected("manifest_mismatch", what="行数", expected=stated, actual=rows)
