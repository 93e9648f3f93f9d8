"""The accounting invariants, checked on what is stored: receipts against files, tables and commits.

Nothing is taken from memory of the run: bytes come from landing, rows from the Delta tables at the versions that the
receipts state, commits from the Delta logs.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import pyarrow.compute as pc
from deltalake import DeltaTable
from sqlalchemy import select

from expectations.contract.catalogue import load_feed
from expectations.entity_spec import load_entities
from expectations.rejections import load_rejections
from spark_jobs.control.database import session
from spark_jobs.control.schema import Delivery, DeliveryState
from spark_jobs.intake import bronze
from spark_jobs.jobs.collect import landing_key
from spark_jobs.lake.storage import tables
from spark_jobs.lake.storage.arrow import dataset
from spark_jobs.lake.storage.paths import Layer, storage_options, table_uri
from spark_jobs.lake.storage.store import open_store


@dataclass(frozen=True)
class Finding:
    """One broken promise."""

    invariant: str
    subject: str
    what: str


def audit() -> list[Finding]:
    """All findings over the whole lake; empty where every promise holds."""
    _table.cache_clear()
    with session() as at:
        deliveries = list(at.scalars(select(Delivery).order_by(Delivery.sequence)))
    closed = [row for row in deliveries if row.receipt]
    findings = [*_landing_has_one_row_each(deliveries)]
    for row in closed:
        for check in _OF_A_DELIVERY:
            findings += check(row, row.receipt or {})
    for feed in sorted({row.feed for row in closed}):
        findings += _commits_are_single(feed, [row for row in closed if row.feed == feed])
    return [*findings, *_events_are_chained()]


def _events_are_chained() -> Iterator[Finding]:
    """E1: the log of what happened to entities is whole: nothing removed, reordered or edited."""
    # Imported late: it brings Spark's client, which an audit of deliveries does without.
    from spark_jobs.entities import state
    from spark_jobs.entities.explain.chain import verify_chain

    for spec in load_entities():
        if state.last_note(spec) is not None:
            for problem in verify_chain(spec):
                yield Finding("E1", f"entities.{spec.entity}_event", problem)


def _landing_has_one_row_each(deliveries: list[Delivery]) -> Iterator[Finding]:
    """I1: each object in landing has exactly one ledger row that took it in."""
    taken = Counter(
        landing_key(row.feed, row.sha256)
        for row in deliveries
        if row.sha256 and (row.rejection or {}).get("code") not in {"duplicate_delivery", "manifest_mismatch"}
    )
    for item in open_store().list("landing"):
        if not taken[item.key]:
            yield Finding("I1", item.key, "no ledger row has these bytes")
    for row in deliveries:
        if row.state not in set(DeliveryState):
            yield Finding("I1", row.delivery_id, f"unknown state {row.state}")


def _bytes_are_covered(row: Delivery, receipt: dict[str, Any]) -> Iterator[Finding]:
    """I2: the byte ranges partition the file."""
    if receipt["status"] in {"rejected", "duplicate"} and not receipt["byte_ranges"]:
        return
    for ranges, size in (
        (receipt["byte_ranges"], receipt["bytes"]),
        (receipt["stream_ranges"], receipt["stream_bytes"]),
    ):
        at = 0
        for part in sorted(ranges, key=lambda part: int(part["start"])):
            if part["start"] != at:
                yield Finding("I2", row.delivery_id, f"bytes {at} to {part['start']} are not covered once")
            at = part["end"]
        if size is not None and at != size:
            yield Finding("I2", row.delivery_id, f"bytes {at} to {size} are not covered")


def _rows_add_up(row: Delivery, receipt: dict[str, Any]) -> Iterator[Finding]:
    """I3: rows counted = accepted + quarantined + rejected."""
    parts = receipt["accepted"] + receipt["quarantined"] + receipt["rejected"]
    if receipt["rows_counted"] != parts:
        yield Finding("I3", row.delivery_id, f"{receipt['rows_counted']} rows counted, {parts} accounted for")


def _silver_has_the_accepted(row: Delivery, receipt: dict[str, Any]) -> Iterator[Finding]:
    """I4: silver has the accepted rows, at the stated version and now."""
    stated = receipt["tables"]["silver"]["version"]
    versions: list[int | None] = [None] if stated is None else [int(stated), None]
    for version in versions:
        rows = _rows_of("silver", row, version)
        if rows != receipt["accepted"]:
            what = f"{rows} rows in silver at version {version or 'now'}, {receipt['accepted']} accepted"
            yield Finding("I4", row.delivery_id, what)


def _quarantine_has_the_rest(row: Delivery, receipt: dict[str, Any]) -> Iterator[Finding]:
    """I5: quarantine has the quarantined rows, by reasons of the closed list."""
    contract = load_feed(row.feed)
    reasons: Counter[str] = Counter()
    table = _table("quarantine", contract.table, None)
    rows = 0
    if table is not None:
        found = table.to_table(columns=["breaches"], filter=pc.field("_delivery_id") == row.delivery_id)
        rows = found.num_rows
        for breaches in found["breaches"].to_pylist():
            reasons.update({breach["rule"] for breach in breaches})
    if rows != receipt["quarantined"]:
        yield Finding("I5", row.delivery_id, f"{rows} rows in quarantine, {receipt['quarantined']} stated")
    if receipt["status"] not in {"rejected", "duplicate"} and dict(reasons) != receipt["reasons"]:
        yield Finding("I5", row.delivery_id, f"quarantine has {dict(reasons)}, the receipt {receipt['reasons']}")
    unknown = set(receipt["reasons"]) - set(contract.breaches()) - set(load_rejections())
    if unknown:
        yield Finding("I5", row.delivery_id, f"reasons outside the closed list: {sorted(unknown)}")


def _commits_are_single(feed: str, rows: list[Delivery]) -> Iterator[Finding]:
    """I6: versions are contiguous, and a delivery is in exactly one commit of bronze and of silver."""
    contract = load_feed(feed)
    layers: tuple[tuple[Layer, Callable[[dict[str, Any]], list[str]]], ...] = (
        ("bronze", bronze.deliveries_of),
        ("silver", _deliveries_of_commit),
    )
    for layer, delivered in layers:
        if not tables.exists(layer, contract.table):
            continue
        history = DeltaTable(table_uri(layer, contract.table), storage_options=storage_options()).history()
        versions = sorted(int(entry["version"]) for entry in history)
        if versions != list(range(versions[0], versions[-1] + 1)):
            yield Finding("I6", f"{layer}.{contract.table}", "versions are not contiguous")
        commits = Counter(delivery for entry in history for delivery in delivered(entry))
        for row in rows:
            if commits[row.delivery_id] > 1 and not _was_refined_again(row, history):
                yield Finding("I6", row.delivery_id, f"in {commits[row.delivery_id]} commits of {layer}")


def _deliveries_of_commit(entry: dict[str, Any]) -> list[str]:
    try:
        marker = json.loads(entry.get("userMetadata") or "{}")
    except ValueError:
        return []
    return list(marker.get("deliveries", [])) if isinstance(marker, dict) else []


def _was_refined_again(row: Delivery, history: list[dict[str, Any]]) -> bool:
    """A contract or code change makes a new commit with another fingerprint, and that is right."""
    markers = [
        json.loads(entry["userMetadata"]) for entry in history if row.delivery_id in _deliveries_of_commit(entry)
    ]
    prints = [marker.get("fingerprint") for marker in markers]
    return len(prints) == len(set(prints))


def _rows_of(layer: Layer, row: Delivery, version: int | None) -> int:
    table = _table(layer, row.feed.replace("/", "__"), version)
    return 0 if table is None else int(table.count_rows(filter=pc.field("_delivery_id") == row.delivery_id))


@cache
def _table(layer: Layer, table: str, version: int | None) -> Any:
    return dataset(layer, table, version) if tables.exists(layer, table) else None


_OF_A_DELIVERY: tuple[Callable[[Delivery, dict[str, Any]], Iterator[Finding]], ...] = (
    _bytes_are_covered,
    _rows_add_up,
    _silver_has_the_accepted,
    _quarantine_has_the_rest,
)
