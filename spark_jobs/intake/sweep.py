"""Find deliveries by listing the inbox against the ledger, and decide which of them are complete.

Bucket notifications get lost and last-modified cursors miss files; a listing misses nothing.
"""

import json
import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from expectations.contract.business_date import read_business_date
from expectations.contract.channels.drop import Options as Drop
from expectations.contract.feed import FeedContract
from expectations.rejections import DeliveryRejected
from spark_jobs.base.errors import LakeError
from spark_jobs.base.failpoints import failpoint
from spark_jobs.base.settings import CITY_TIME
from spark_jobs.control import ledger
from spark_jobs.control.schema import Delivery, DeliveryState
from spark_jobs.lake.storage.store import ObjectVersion, Store
from spark_jobs.receipts import closing

MANIFEST = ".manifest.json"


def sweep(contracts: Iterable[FeedContract], store: Store, now: datetime | None = None) -> list[str]:
    """List the inbox once and enter what is new; returns the feeds that have a complete delivery, sorted."""
    now = now or datetime.now(UTC)
    drops = {contract.id: contract for contract in contracts if isinstance(contract.arrival, Drop)}
    listed: dict[str, list[ObjectVersion]] = {feed: [] for feed in drops}
    for item in store.list("inbox"):
        feed = "/".join(item.key.split("/")[:2])
        if feed in listed:
            listed[feed].append(item)
    for feed, objects in listed.items():
        _enter_all(drops[feed], objects, store, now)
    return sorted(feed for feed in drops if ledger.in_states(feed, [DeliveryState.STABLE]))


def sweep_feed(contract: FeedContract, store: Store, now: datetime | None = None) -> None:
    """List the inbox folder of one feed and enter what is new."""
    _enter_all(contract, list(store.list("inbox", f"{contract.id}/")), store, now or datetime.now(UTC))


def enter_complete(contract: FeedContract, item: ObjectVersion, business_date: date | None) -> Delivery:
    """Enter a file that the sender says is complete, whatever its name; returns its ledger row."""
    now = datetime.now(UTC)
    found = next((row for row in _rows(contract, item.key) if row.object_version == item.version), None)
    if found is not None:
        return found
    row = _new_row(contract, item, now)
    row.state = DeliveryState.STABLE
    row.business_date = business_date or _date_in_name(contract, item.key) or now.astimezone(CITY_TIME).date()
    ledger.add(row)
    return row


def _rows(contract: FeedContract, key: str) -> list[Delivery]:
    return [row for row in ledger.in_states(contract.id, list(DeliveryState)) if row.object_key == key]


def _enter_all(contract: FeedContract, objects: list[ObjectVersion], store: Store, now: datetime) -> None:
    manifests = {item.key.removesuffix(MANIFEST): item for item in objects if item.key.endswith(MANIFEST)}
    known = ledger.known(contract.id)
    for item in sorted(objects, key=lambda item: (item.modified, item.key)):
        if item.key.endswith(MANIFEST):
            continue
        row = known.get(item.key)
        if row is not None and row.object_version == item.version and row.state != DeliveryState.SEEN:
            continue
        manifest = _read_manifest(store, manifests.get(item.key))
        _enter(contract, item, row, manifest, now)


def _read_manifest(store: Store, item: ObjectVersion | None) -> dict[str, Any] | None:
    """The manifest beside a file; an unreadable one counts as not yet complete."""
    if item is None or item.bytes > 1_000_000:
        return None
    try:
        manifest = json.loads(store.read_bytes(item.zone, item.key).decode("utf-8-sig"))
    except (ValueError, LakeError):
        return None
    return manifest if isinstance(manifest, dict) else None


def _enter(
    contract: FeedContract, item: ObjectVersion, row: Delivery | None, manifest: dict[str, Any] | None, now: datetime
) -> None:
    """Enter one object version and decide whether it is complete."""
    assert isinstance(contract.arrival, Drop)  # noqa: S101  (for the type checker; sweep passes drops only)
    growing = row is not None and row.state == DeliveryState.SEEN
    if row is None or not growing:
        row = _new_row(contract, item, now)
        ledger.add(row)
        failpoint("intake.after_seen")
    elif row.object_version != item.version:
        values = {
            "delivery_id": ledger.delivery_id(contract.id, item.key, item.version),
            "object_version": item.version,
            "bytes": item.bytes,
            "modified_at": item.modified,
            "unchanged_since": now,
        }
        ledger.revise(row.sequence, **values)
        for name, value in values.items():
            setattr(row, name, value)
    try:
        business_date = _business_date(contract, item.key, manifest)
        complete = _is_complete(contract.arrival, row, manifest, now)
    except DeliveryRejected as rejected:
        closing.reject(row, contract, rejected)
        return
    if complete:
        ledger.revise(row.sequence, state=DeliveryState.STABLE, business_date=business_date, manifest=manifest)
    else:
        ledger.revise(row.sequence, business_date=business_date)


def _new_row(contract: FeedContract, item: ObjectVersion, now: datetime) -> Delivery:
    return Delivery(
        delivery_id=ledger.delivery_id(contract.id, item.key, item.version),
        feed=contract.id,
        state=DeliveryState.SEEN,
        object_key=item.key,
        object_version=item.version,
        bytes=item.bytes,
        modified_at=item.modified,
        first_seen_at=now,
        unchanged_since=now,
        claim_epoch=0,
    )


def _date_in_name(contract: FeedContract, key: str) -> date | None:
    """The business date in the file's name, None where the name doesn't follow the pattern."""
    if not isinstance(contract.arrival, Drop):
        return None
    found = re.fullmatch(contract.arrival.pattern, key.rsplit("/", 1)[-1])
    return _parse_date(found["business_date"]) if found else None


def _business_date(contract: FeedContract, key: str, manifest: dict[str, Any] | None) -> date:
    """The day that a file speaks of, from its manifest or its name.

    Raises:
        DeliveryRejected: the name doesn't follow the pattern, or the date doesn't exist.
    """
    assert isinstance(contract.arrival, Drop)  # noqa: S101  (for the type checker)
    name = key.rsplit("/", 1)[-1]
    found = re.fullmatch(contract.arrival.pattern, name)
    if found is None:
        raise DeliveryRejected("name_not_recognised", file=name, pattern=contract.arrival.pattern)
    return _parse_date(str((manifest or {}).get("business_date") or found["business_date"]))


def _parse_date(text: str) -> date:
    try:
        return read_business_date(text)
    except ValueError as error:
        raise DeliveryRejected("business_date_invalid", value=text) from error


def _is_complete(arrival: Drop, row: Delivery, manifest: dict[str, Any] | None, now: datetime) -> bool:
    """Complete by manifest where there is one or must be, else by a size that has stopped changing.

    Raises:
        DeliveryRejected: the deadline for a file that differs from its manifest has passed.
    """
    overdue = now - row.first_seen_at > timedelta(hours=arrival.incomplete_after_hours)
    if manifest is not None and "bytes" in manifest:
        if manifest["bytes"] == row.bytes:
            return True
        if overdue:
            raise DeliveryRejected("incomplete_upload", expected=manifest["bytes"], actual=row.bytes)
        return False
    if arrival.manifest == "required":
        if overdue:
            raise DeliveryRejected("incomplete_upload", expected="（缺少清单）", actual=row.bytes)
        return False
    # The object's own time is old enough when a file was dropped long before we first looked.
    still_since = max(
        row.modified_at, row.unchanged_since if row.unchanged_since > row.first_seen_at else row.modified_at
    )
    return now - still_since >= timedelta(seconds=arrival.stable_for_seconds)
