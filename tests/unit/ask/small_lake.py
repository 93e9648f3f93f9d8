"""A small lake without Spark: real intake, real receipts; refine's rows are written by delta-rs in their shape."""

import json
import os
import shutil
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from deltalake import CommitProperties, DeltaTable, write_deltalake

from expectations.contract.catalogue import load_feed
from spark_jobs.ask.audit import Finding, Report, audit
from spark_jobs.base.settings import settings
from spark_jobs.control import ledger, publication
from spark_jobs.control.database import engine
from spark_jobs.control.outcome import Outcome
from spark_jobs.control.schema import Delivery, DeliveryState
from spark_jobs.jobs.collect import collect
from spark_jobs.lake.storage.batch_commits import marker
from spark_jobs.receipts import closing
from tests.e2e import files
from tests.e2e.files import REGISTRY

FEED = load_feed(REGISTRY)
FINGERPRINT = "f" * 64
REASON = "birth_date_agrees_with_id"
OLD = 1_760_000_000
"""When files were dropped: long enough ago to be complete."""
_PLACE = ("_delivery_id", "_row_number")
_BREACH = pa.struct([(name, pa.string()) for name in ("rule", "field", "value", "message", "fix")])
_QUARANTINE = pa.schema(
    [
        ("_delivery_id", pa.string()),
        ("_row_number", pa.int64()),
        ("breaches", pa.list_(_BREACH)),
        ("record", pa.map_(pa.string(), pa.string())),
        ("_raw", pa.string()),
    ]
)


def build(home: Path, folder: Path) -> None:
    """Take in two days, one file of wrong encoding, one sent twice; every third row of a delivery is quarantined."""
    for day in (1, 2):
        rows = [files.registry_row(day * 100 + number) for number in range(6)]
        drop(home, files.registry(folder, f"resident_registry_2026110{day}.csv", rows))
        collect(FEED)
    drop(home, files.write(folder, "resident_registry_20261103.csv", "姓名|性别\n".encode("utf-16-le")))
    shutil.copyfile(folder / "resident_registry_20261101.csv", folder / "resident_registry_20261104.csv")
    drop(home, folder / "resident_registry_20261104.csv")
    collect(FEED)
    for delivery in ledger.in_states(REGISTRY, [DeliveryState.PARSED]):
        refine([delivery])
    publication.record(REGISTRY, version("silver"), published=True, checks={})


def drop(home: Path, source: Path) -> Path:
    """Put a file into the department's inbox."""
    target = home / "inbox" / REGISTRY / source.name
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
    os.utime(target, (OLD, OLD))
    return target


def refine(deliveries: Sequence[Delivery]) -> None:
    """Silver and quarantine of deliveries in one commit each, then their receipts."""
    names = [one.delivery_id for one in deliveries]
    bronze = table("bronze").to_pyarrow_dataset().to_table(filter=pc.field("_delivery_id").isin(names))
    is_rejected = pc.equal(pc.bit_wise_and(bronze["_row_number"], 3), 3)
    append("quarantine", quarantined(bronze.filter(is_rejected)), names)
    append("silver", bronze.filter(pc.invert(is_rejected)), names)
    for one in deliveries:
        rows = bronze.filter(pc.equal(bronze["_delivery_id"], one.delivery_id))
        held = sum(number & 3 == 3 for number in rows["_row_number"].to_pylist())
        outcome = Outcome(
            one.delivery_id,
            accepted=rows.num_rows - held,
            quarantined=held,
            reasons={REASON: held} if held else {},
            silver_version=version("silver"),
            quarantine_version=version("quarantine"),
        )
        closing.commit(one, FEED, outcome, FINGERPRINT)


def quarantined(rows: pa.Table) -> pa.Table:
    """Bronze rows as quarantine has them; two fields of each break the same rule."""
    breach = {"rule": REASON, "field": "birth_date", "value": "", "message": "出生日期不符", "fix": "请核对"}
    documents = [
        {
            **row,
            "breaches": [breach, breach],
            "record": [(FEED.columns[0].source, f"as sent {row['_row_number']}")],
            "_raw": None,
        }
        for row in rows.select(_PLACE).to_pylist()
    ]
    return pa.Table.from_pylist(documents, schema=_QUARANTINE)


def uri(layer: str) -> str:
    """Where a table of the registry is."""
    return str(settings().home / "lake" / layer / FEED.table)


def table(layer: str) -> DeltaTable:
    """A table of the registry."""
    return DeltaTable(uri(layer))


def version(layer: str) -> int:
    """Its newest version."""
    return int(table(layer).version())


def append(layer: str, rows: pa.Table, deliveries: Sequence[str], fingerprint: str = FINGERPRINT) -> None:
    """A commit as refine makes it, with the marker of its deliveries."""
    noted = CommitProperties(custom_metadata={"userMetadata": marker(deliveries, fingerprint)})
    write_deltalake(uri(layer), rows, mode="append", commit_properties=noted)


def rows_of(layer: str, delivery: str) -> pa.Table:
    """One row as the layer has it, of another delivery."""
    rows = table(layer).to_pyarrow_table().slice(0, 1)
    return rows.set_column(0, "_delivery_id", pa.array([delivery], rows.schema.field(0).type))


class SmallLake:
    """A copy of the lake that a test may tamper with."""

    def __init__(self, home: Path) -> None:
        self.home = home

    def audit(self) -> Report:
        """What the audit says; nothing that it looks at may be kept from before."""
        return audit()

    def found(self) -> list[tuple[str, str]]:
        """Invariant and place of each finding."""
        return [(one.invariant, one.place) for one in self.audit().findings]

    def only(self) -> Finding:
        """The one finding."""
        (finding,) = self.audit().findings
        return finding

    def delivery(self, name: str) -> str:
        """Id of the delivery of a file."""
        ((found,),) = self.ledger("select delivery_id from delivery where object_key like ?", f"%{name}")
        return str(found)

    def ledger(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """Rows of a statement on the control database, behind the lake's back."""
        with sqlite3.connect(self.home / "control.db") as control:
            return control.execute(statement, values).fetchall()

    def edit_json(self, column: str, name: str, path: str, value: object) -> None:
        """Change one value in a document of the ledger row of a file."""
        change = f"update delivery set {column} = json_set({column}, ?, json(?)) where object_key like ?"
        self.ledger(change, path, json.dumps(value), f"%{name}")

    def objects(self, zone: str, pattern: str = "*") -> list[Path]:
        """Files of a zone, sorted."""
        return sorted(path for path in (self.home / zone).rglob(pattern) if path.is_file())

    def log_file(self, layer: str, number: int) -> Path:
        """A commit of a table of the registry."""
        return Path(uri(layer)) / "_delta_log" / f"{number:020d}.json"


def opened_at(home: Path) -> SmallLake:
    """The lake of a home that the environment names."""
    settings.cache_clear()
    engine.cache_clear()
    return SmallLake(home)


def append_foreign_rows() -> None:
    """Rows of a delivery that nobody knows, in silver."""
    append("silver", rows_of("silver", "0" * 20), ["0" * 20])


def delete_rows() -> None:
    """One row of each delivery out of silver."""
    table("silver").delete("_row_number = 2")
