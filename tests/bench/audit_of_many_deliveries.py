"""Time and memory of `lake audit` over one feed with years of history: each delivery its own commit in three tables.

Run: python -m tests.bench.audit_of_many_deliveries HOME [DELIVERIES]; a HOME that exists is audited as it is.
"""

import hashlib
import json
import os
import resource
import sys
import time
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from deltalake import CommitProperties, DeltaTable, write_deltalake
from sqlalchemy import insert

from expectations.contract.catalogue import load_feed
from spark_jobs.ask.audit import audit
from spark_jobs.control.database import session
from spark_jobs.control.provenance import contract_sha256
from spark_jobs.control.schema import Delivery, Publication
from spark_jobs.lake.storage.batch_commits import marker
from spark_jobs.lake.storage.paths import landing_key

FEED = load_feed("public_security/resident_registry")
LAYERS = {"bronze": 5, "silver": 4, "quarantine": 1}
"""Rows of a delivery in each."""
REASON = "birth_date_agrees_with_id"
_BREACHES = pa.list_(pa.struct([("rule", pa.string())]))


def main(home: Path, deliveries: int) -> None:
    """Make the lake if there is none, and audit it whole and since now."""
    os.environ["LAKE_HOME"] = str(home)
    if not home.exists():
        _make(home, deliveries)
    for since in (None, datetime.now(UTC)):
        before, begun, cpu = _peak(), time.monotonic(), time.process_time()
        report = audit(since)
        sys.stdout.write(
            f"{'whole' if since is None else 'since now'}: {len(report.findings)} findings, "
            f"{time.monotonic() - begun:.1f} s, {time.process_time() - cpu:.1f} CPU-s, "
            f"peak {_peak()} MB, before {before} MB\n"
        )


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _make(home: Path, deliveries: int) -> None:
    rows = [_deliver(home, number) for number in range(deliveries)]
    for layer in LAYERS:
        DeltaTable(_uri(home, layer)).create_checkpoint()
    published = {"feed": FEED.id, "silver_version": deliveries - 1, "published": True, "checks": {}}
    with session() as at:
        at.execute(insert(Delivery), rows)
        at.execute(insert(Publication), [{**published, "verified_at": datetime.now(UTC)}])
        at.commit()


def _deliver(home: Path, number: int) -> dict[str, Any]:
    """Write all objects and commits of a delivery; gives its ledger row."""
    name = hashlib.sha256(str(number).encode()).hexdigest()[:20]
    content = "\n".join(["header", *[f"row {number}"] * 5, ""]).encode()
    row = _row(name, number, content, hashlib.sha256(content).hexdigest())
    receipt = row["receipt"]
    _write(home / "landing" / landing_key(FEED.id, row["sha256"]), content)
    for key in receipt["outbox"].values():
        _write(home / "outbox" / key, json.dumps(receipt).encode() if key.endswith(".json") else bytes(1000))
    inbox = home / "inbox" / row["object_key"]
    _write(inbox, content)
    for layer, count in LAYERS.items():
        _commit(home, layer, number, _rows(layer, [name] * count), name)
    return row | {"object_version": f"{inbox.stat().st_mtime_ns}-{len(content)}"}


def _row(name: str, number: int, content: bytes, sha256: str) -> dict[str, Any]:
    day, now = date(2026, 11, number % 28 + 1), datetime.now(UTC)
    stem = f"{FEED.id}/{day}/f{number:06d}.csv.{name[:8]}"
    ranges = [{"kind": "records", "start": 0, "end": len(content), "rows": 5}]
    outcome = {"accepted": 4, "quarantined": 1, "reasons": {REASON: 1}}
    receipt = outcome | {
        **{"delivery_id": name, "status": "partly_accepted", "bytes": len(content), "sha256": sha256},
        **{"business_date": day.isoformat(), "byte_ranges": ranges, "stream_bytes": None, "stream_ranges": []},
        **{"rows_counted": 5, "rejected": 0, "rejection": None, "replaces": []},
        "contract_sha256": contract_sha256(FEED),
        "tables": {layer: {"version": number} for layer in LAYERS},
        "outbox": {"receipt": f"{stem}.receipt.json", "page": f"{stem}.receipt.html", "rows_to_fix": f"{stem}.csv"},
    }
    return {
        **{"delivery_id": name, "feed": FEED.id, "state": "committed", "bytes": len(content), "sha256": sha256},
        **{"object_key": f"{FEED.id}/f{number:06d}.csv", "business_date": day, "bronze_version": number},
        **{"modified_at": now, "first_seen_at": now, "unchanged_since": now, "closed_at": now},
        "accounting": {"ranges": ranges, "rows_counted": 5},
        "outcome": outcome | {"silver_version": number, "quarantine_version": number},
        "receipt": receipt,
    }


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _uri(home: Path, layer: str) -> str:
    return str(home / "lake" / layer / FEED.table)


def _rows(layer: str, names: Sequence[str]) -> pa.Table:
    numbers = pa.array(range(2, len(names) + 2), pa.int64())
    rows = pa.table({"_delivery_id": names, "_row_number": numbers})
    if layer != "quarantine":
        return rows
    return rows.append_column("breaches", pa.array([[{"rule": REASON}]] * len(names), _BREACHES))


def _commit(home: Path, layer: str, version: int, rows: pa.Table, name: str) -> None:
    """A commit as intake and refine make it; written by hand, as delta-rs would take hours for so many."""
    noted = {"userMetadata": marker([name], "f")} if layer != "bronze" else {"deliveries": json.dumps([name])}
    folder = Path(_uri(home, layer))
    if version == 0:
        write_deltalake(str(folder), rows, commit_properties=CommitProperties(custom_metadata=noted))
        return
    file = folder / f"part-{version:06d}.parquet"
    pq.write_table(rows, file)
    added = {"path": file.name, "partitionValues": {}, "size": file.stat().st_size, "modificationTime": 1}
    actions = [{"commitInfo": {"operation": "WRITE", **noted}}, {"add": {**added, "dataChange": True}}]
    text = "\n".join(json.dumps(action) for action in actions)
    (folder / "_delta_log" / f"{version:020d}.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 20_000)
