"""Receive: files handed in by name, as a department would, taken through to silver, with their receipts."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from expectations.contract.channels import FileOptions
from expectations.contract.feed import FeedContract
from expectations.contract.file_names import date_in_name
from spark_jobs.base.counted import counted
from spark_jobs.base.errors import LakeError
from spark_jobs.base.settings import CITY_TIME
from spark_jobs.control import ledger
from spark_jobs.control.ledger import Interval
from spark_jobs.control.schema import Delivery, DeliveryState
from spark_jobs.intake.channel import Arrival
from spark_jobs.intake.enter import enter
from spark_jobs.jobs.collect import collect_deliveries
from spark_jobs.jobs.steps import run_step
from spark_jobs.lake.storage.store import Store, open_store


def receive(contract: FeedContract, files: Sequence[Path], business_date: date | None) -> list[dict[str, Any]]:
    """Receipts of the files, in their order, empty where there is none yet; the engine is started if a file needs it.

    A file dates itself by its name; without such a name it is of `business_date`, or of today.

    Raises:
        LakeError: the feed is fetched from its source, which is the only place where it is looked for.
    """
    if contract.arrival.is_pulled:
        raise LakeError(
            f"{contract.id} is fetched by {contract.arrival.kind}; files that are handed in are not taken",
            f"put it where the source has it, then: lake collect {contract.id}",
        )
    entered = [_hand_in(contract, path, open_store(), business_date) for path in files]
    new = [row for row in entered if row.state == DeliveryState.STABLE]
    run_step("collect", lambda *_: _collected(contract, new), contract, None)
    # Also where it is a copy of what was handed in before, and could not be refined then.
    if unfinished(contract):
        _refine_and_verify(contract)
    return [dict(_now(row).receipt or {}) for row in entered]


def unfinished(contract: FeedContract) -> list[str]:
    """Names of files of the feed whose records are in bronze and that have no receipt yet."""
    waiting = ledger.in_states(contract.id, [DeliveryState.PARSED], only=["object_key"])
    return [row.object_key.rpartition("/")[2] for row in waiting]


def _hand_in(contract: FeedContract, path: Path, store: Store, business_date: date | None) -> Delivery:
    """The ledger row of a file that is complete, whatever its name."""
    key = f"{contract.id}/{path.name}"
    store.put_file("inbox", key, path)
    item = next(found for found in store.list("inbox", key) if found.key == key)
    now = datetime.now(UTC)
    day = business_date or _date_in_name(contract, path.name) or now.astimezone(CITY_TIME).date()
    arrival = Arrival(item.key, item.version, item.modified, item.bytes, item.mark, business_date=day)
    sight = ledger.sights(contract.id, item.key, item.version)
    if sight:
        last = ledger.by_id(ledger.delivery_id(contract.id, item.key, item.version, sight))
        if last.state != DeliveryState.RECALLED:
            return last
    # What was recalled and is handed in again is sent again.
    enter(contract, [replace(arrival, sight=sight + 1)], now)
    return ledger.by_id(ledger.delivery_id(contract.id, item.key, item.version, sight + 1))


def _date_in_name(contract: FeedContract, name: str) -> date | None:
    if not isinstance(contract.arrival, FileOptions):
        return None
    try:
        return date_in_name(contract.arrival.pattern, name)
    except ValueError:
        return None


def _collected(contract: FeedContract, deliveries: Sequence[Delivery]) -> list[str]:
    done = collect_deliveries(contract, deliveries)
    return [f"{counted(len(deliveries), 'file')} handed in, {counted(done.rows, 'row')}; {done.rejected} rejected"]


def _now(row: Delivery) -> Delivery:
    return ledger.by_id(row.delivery_id)


def _refine_and_verify(contract: FeedContract) -> None:
    from spark_jobs.jobs.refine import refine as refine_all
    from spark_jobs.lake.engine.choice import engine
    from spark_jobs.verify import verify as verify_all

    def refine(of: FeedContract, interval: Interval | None) -> list[str]:
        return [f"{counted(len(refine_all(of, interval)), 'receipt')} of files that were handed in"]

    def verify(of: FeedContract, interval: Interval | None) -> list[str]:
        return [f"silver version {verify_all(of, interval).silver_version}"]

    engine().prepare()
    run_step("refine", refine, contract, None)
    run_step("verify", verify, contract, None)
