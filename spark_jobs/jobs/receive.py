"""Receive: files handed in by name, as a department would, taken through to silver, with their receipts."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from expectations.contract.feed import FeedContract
from spark_jobs.control import ledger
from spark_jobs.control.schema import Delivery, DeliveryState
from spark_jobs.intake.sweep import enter_complete
from spark_jobs.jobs.collect import collect_deliveries
from spark_jobs.lake.storage.store import Store, open_store


def receive(contract: FeedContract, files: Sequence[Path], business_date: date | None) -> list[dict[str, Any]]:
    """Receipts of the files, in their order; the lake server is started if a file needs it.

    A file dates itself by its name; without such a name it is of `business_date`, or of today.
    """
    store = open_store()
    entered = [_hand_in(contract, path, store, business_date) for path in files]
    collect_deliveries(contract, [row for row in entered if row.state == DeliveryState.STABLE])
    if any(_now(row).state == DeliveryState.PARSED for row in entered):
        _refine_and_verify(contract)
    return [dict(_now(row).receipt or {}) for row in entered]


def _hand_in(contract: FeedContract, path: Path, store: Store, business_date: date | None) -> Delivery:
    key = f"{contract.id}/{path.name}"
    store.put_file("inbox", key, path)
    item = next(found for found in store.list("inbox", key) if found.key == key)
    return enter_complete(contract, item, business_date)


def _now(row: Delivery) -> Delivery:
    return ledger.by_id(row.delivery_id)


def _refine_and_verify(contract: FeedContract) -> None:
    from spark_jobs.jobs.refine import refine
    from spark_jobs.lake.server import lifecycle as server
    from spark_jobs.verify import verify

    server.ensure_up()
    refine(contract)
    verify(contract)
