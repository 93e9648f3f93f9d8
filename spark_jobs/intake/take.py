"""Take deliveries in: their bytes to landing, their records to bronze, both counted. No receipt is written here."""

import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from expectations.contract.feed import FeedContract
from expectations.rejections import DeliveryRejected
from spark_jobs.base.failpoints import failpoint
from spark_jobs.base.settings import settings
from spark_jobs.control import ledger
from spark_jobs.control.outcome import Outcome
from spark_jobs.control.schema import Delivery, DeliveryState
from spark_jobs.intake.channel import Channel
from spark_jobs.intake.channels import channel_of
from spark_jobs.intake.corrections import require_something_to_correct
from spark_jobs.intake.decoding import Taken, to_bronze
from spark_jobs.intake.duplicates import duplicate_of
from spark_jobs.intake.faults import NoRoom
from spark_jobs.intake.manifest import require_hash
from spark_jobs.lake.storage.paths import landing_key
from spark_jobs.lake.storage.store import ObjectGone, Store, open_store

LARGE = 256 << 20
"""Bytes of a delivery from which on it is asked whether the disk has room for it."""
Failed = Callable[[Delivery, Exception, str], Outcome | None]
"""Told what failed on a delivery and in which step; says what becomes of it, None: it is tried again."""


@dataclass(frozen=True)
class _Fetched:
    """A delivery whose bytes are here."""

    delivery: Delivery
    path: Path
    sha256: str


def take(
    contract: FeedContract, deliveries: Sequence[Delivery], check: Callable[[], None], failed: Failed
) -> Iterator[tuple[Delivery, Outcome]]:
    """What became of each delivery that is through with intake: parsed, or nothing of it is used.

    One delivery's failure is told to `failed` and keeps none of the others back.

    Args:
        contract: of their feed.
        deliveries: claimed by this worker; a few hundred at most, they are fetched together.
        check: raises where this worker has lost its right to the feed.
        failed: see Failed.
    """
    spool = settings().home / "spool"
    spool.mkdir(parents=True, exist_ok=True)
    store, channel = open_store(), channel_of(contract)
    with tempfile.TemporaryDirectory(dir=spool) as folder:
        waiting = list(deliveries)
        while waiting:
            fetched, ended, waiting = _fetch_all(contract, waiting, channel, store, Path(folder), failed)
            yield from ended
            landed, ended = _land_all(contract, fetched, store, failed)
            yield from ended
            check()
            yield from _parse_all(contract, landed, failed)


def _fetch_all(
    contract: FeedContract, waiting: list[Delivery], channel: Channel, store: Store, folder: Path, failed: Failed
) -> tuple[list[_Fetched], list[tuple[Delivery, Outcome]], list[Delivery]]:
    """Deliveries with their bytes; those that ended; and those to be done later, as the same bytes are in hand."""
    fetched: dict[str, _Fetched] = {}
    ended: list[tuple[Delivery, Outcome]] = []
    later: list[Delivery] = []
    for delivery in waiting:
        path = folder / str(delivery.sequence)
        try:
            sha256 = _fetch(contract, delivery, channel, store, path)
            if sha256 in fetched:
                later.append(delivery)
                path.unlink()
                continue
            require_hash(delivery.manifest, sha256)
            require_something_to_correct(delivery)
            fetched[sha256] = _Fetched(delivery, path, sha256)
        except Exception as error:
            path.unlink(missing_ok=True)
            ended += _over(delivery, error, "fetch", failed)
    ledger.advance_all((one.delivery, DeliveryState.CLAIMED, _facts(one)) for one in fetched.values())
    return list(fetched.values()), ended, later


def _facts(one: _Fetched) -> dict[str, object]:
    return {"sha256": one.sha256, "bytes": one.path.stat().st_size}


def _fetch(contract: FeedContract, delivery: Delivery, channel: Channel, store: Store, path: Path) -> str:
    """The bytes, from landing where an interrupted run has put them there already."""
    if delivery.sha256 is not None:
        key = landing_key(contract.id, delivery.sha256)
        for item in store.list("landing", key):
            try:
                if store.fetch(item, path) == delivery.sha256:
                    return delivery.sha256
            except ObjectGone:
                break
    _require_room(delivery, path.parent)
    return channel.fetch(contract, delivery, path)


def _require_room(delivery: Delivery, folder: Path) -> None:
    """A copy to read and one to keep; of small ones a full disk is told when it is full.

    Raises:
        NoRoom: there is less.
    """
    free = shutil.disk_usage(folder).free
    if delivery.bytes > LARGE and delivery.bytes * 2 > free:
        raise NoRoom(
            f"{delivery.feed} {delivery.delivery_id}: {delivery.bytes} bytes twice, and {free} are free at {folder}",
            f"make room there, then: lake collect {delivery.feed}",
        )


def _land_all(
    contract: FeedContract, fetched: list[_Fetched], store: Store, failed: Failed
) -> tuple[list[_Fetched], list[tuple[Delivery, Outcome]]]:
    landed: list[_Fetched] = []
    ended: list[tuple[Delivery, Outcome]] = []
    versions: list[ledger.Step] = []
    for one in fetched:
        try:
            earlier = duplicate_of(one.delivery, one.sha256, contract)
            if earlier is not None:
                raise DeliveryRejected("duplicate_delivery", duplicate_of=earlier.object_key.rsplit("/", 1)[-1])
            version = store.put_file("landing", landing_key(contract.id, one.sha256), one.path)
            landed.append(one)
            if version is not None:
                versions.append((one.delivery, DeliveryState.CLAIMED, {"landing_version": version}))
        except Exception as error:
            ended += _over(one.delivery, error, "land", failed)
    failpoint("intake.after_landing_copy")
    if versions:
        ledger.advance_all(versions)
    return landed, ended


def _parse_all(contract: FeedContract, landed: list[_Fetched], failed: Failed) -> Iterator[tuple[Delivery, Outcome]]:
    by_id = {one.delivery.delivery_id: one for one in landed}
    manifests = {name: one.delivery.manifest or {} for name, one in by_id.items()}
    made = to_bronze(contract, {name: one.path for name, one in by_id.items()}, manifests)
    channel = channel_of(contract)
    failpoint("intake.after_bronze_commit")
    parsed: list[tuple[Delivery, Taken]] = []
    for name, result in made.items():
        delivery = by_id[name].delivery
        if isinstance(result, Exception):
            yield from _over(delivery, result, "decode", failed)
        else:
            result.accounting["notes"] += channel.notes(contract, delivery, by_id[name].path)
            parsed.append((delivery, result))
    ledger.advance_all((delivery, DeliveryState.PARSED, _parsed(taken)) for delivery, taken in parsed)
    failpoint("intake.after_parsed")
    for delivery, taken in parsed:
        yield delivery, Outcome(delivery.delivery_id, accounting=taken.accounting, bronze_version=taken.bronze_version)
    for one in landed:
        one.path.unlink(missing_ok=True)


def _parsed(taken: Taken) -> dict[str, object]:
    return {
        "accounting": taken.accounting,
        "bronze_version": taken.bronze_version,
        "attempts": 0,
        "failure": None,
    }


def _over(delivery: Delivery, error: Exception, step: str, failed: Failed) -> list[tuple[Delivery, Outcome]]:
    if isinstance(error, DeliveryRejected):
        return [(delivery, Outcome(delivery.delivery_id, rejection=error))]
    outcome = failed(delivery, error, step)
    return [] if outcome is None else [(delivery, outcome)]
