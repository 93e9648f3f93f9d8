"""Lead a row of any table back to the file, the row number and the bytes that it came from."""

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import yaml

from expectations.contract.catalogue import load_feed
from expectations.contract.feed import FeedContract
from spark_jobs.ask import sql
from spark_jobs.base.errors import LakeError
from spark_jobs.base.logs import logger
from spark_jobs.base.settings import CITY_TIME, PROJECT, settings
from spark_jobs.control import ledger, repairs
from spark_jobs.control.schema import DeliveryState
from spark_jobs.intake.formats import locate
from spark_jobs.intake.formats.machinery.rows import Place
from spark_jobs.lake.storage.paths import landing_key
from spark_jobs.lake.storage.store import open_store

_MOST = 1000
"""Rows of a table that are followed; of more the log says so."""
log = logger("trace")
_ENTITY_KEYS = {"person_id": "person", "legal_entity_id": "legal_entity"}


def trace_row(table: str, key: dict[str, str], with_text: bool = False) -> list[dict[str, Any]]:
    """Where the rows of `table` that match `key` came from, one entry a delivered record, oldest delivery first.

    Rows of bronze, silver and quarantine name their record; those of silver say from when to when they hold, those of
    quarantine are found by the contract's columns too, with the value as it was sent. Rows of other tables follow the
    `trace` that their dbt model states, or the entity that they are about.

    Raises:
        LakeError: no row matches, or the table states no way back.
    """
    rows = _matching(table, key)
    if not rows:
        how = "quarantine keeps values as they were sent: " if table.startswith("quarantine.") else ""
        raise LakeError(f"no row of {table} matches {', '.join(key)}", f"{how}check the key: lake sql")
    found: dict[tuple[str, str, int], dict[str, Any]] = {}
    for row in rows:
        found |= dict.fromkeys(_records(table, row), _validity(row))
    origins = sorted((_origin(*record, with_text) | held for record, held in found.items()), key=_when_and_where)
    return [origin | _standing(origin) for origin in origins] if table.startswith("quarantine.") else origins


def _when_and_where(origin: dict[str, Any]) -> tuple[str, str, str, int]:
    return (origin["business_date"] or "", origin["feed"], origin["delivery_id"], origin["row_number"])


def _validity(row: dict[str, Any]) -> dict[str, Any]:
    """From when to when a row of silver holds, in the city's time, and whether it does now; of other rows nothing."""
    if "_is_current" not in row:
        return {}
    ends = {name: row[f"_{name}"] for name in ("valid_from", "valid_to")}
    told = {name: end and f"{end.astimezone(CITY_TIME):%Y-%m-%d %H:%M:%S}" for name, end in ends.items()}
    return {**told, "is_current": row["_is_current"]}


def _standing(origin: dict[str, Any]) -> dict[str, Any]:
    """Whether a quarantined row is still to be fixed, or what has closed it."""
    if origin["recalled"] is not None:
        return {"repair": "recalled", "repaired_by": None}
    closed = repairs.closed_by(origin["delivery_id"], origin["row_number"])
    if closed is None:
        return {"repair": "open", "repaired_by": None}
    by = ledger.by_id(closed[1])
    file = by.object_key.rsplit("/", 1)[-1]
    return {"repair": closed[0], "repaired_by": {"delivery_id": by.delivery_id, "file": file}}


def _named(row: dict[str, Any]) -> list[tuple[str, str, int]]:
    """The records that a row names itself, as `source_…`, or `subject_…` and `evidence_…` of a comparison."""
    kinds = [name.removesuffix("_delivery_id") for name in row if name.endswith("_delivery_id") and row[name]]
    return [(row[f"{kind}_feed"], row[f"{kind}_delivery_id"], row[f"{kind}_row_number"]) for kind in kinds]


def _matching(table: str, key: dict[str, str]) -> list[dict[str, Any]]:
    if not key:
        raise LakeError("trace needs a key", "give --key COLUMN=VALUE, for example --key resident_id=…")
    columns = sql.query(f"select * from {table} limit 0").column_names
    return _select(table, [_equals(_expression(table, columns, _identifier(name)), key[name]) for name in key])


def _expression(table: str, columns: list[str], name: str) -> str:
    """What a key names: a column, or in quarantine a value of the record as it was sent.

    Raises:
        LakeError: neither.
    """
    if name in columns:
        return name
    layer, _, feed = table.partition(".")
    fields = load_feed(feed.replace("__", "/", 1)).columns if layer == "quarantine" else ()
    sources = {column.name: column.source for column in fields}
    source = name if name in sources.values() else sources.get(name)
    if source is None:
        raise LakeError(f"{table} has no column {name}", f"give --key with one of {', '.join([*columns, *sources])}")
    return f"element_at(record, {_literal(source)})[1]"


def _select(table: str, conditions: list[str]) -> list[dict[str, Any]]:
    rows = list(sql.query(f"select * from {table} where {' and '.join(conditions)} limit {_MOST + 1}").to_pylist())
    if len(rows) > _MOST:
        log.warning("traced in part", table=table, rows=_MOST, next="more rows match: give more of the key")
    return rows[:_MOST]


def _equals(expression: str, value: object) -> str:
    """The condition that a column, or an expression of our own dbt models, has this value."""
    return f"({expression}) is null" if value is None else f"cast({expression} as varchar) = {_literal(_text(value))}"


def _records(table: str, row: dict[str, Any]) -> list[tuple[str, str, int]]:
    """(feed, delivery, row number) of the records behind one row."""
    layer, _, name = table.partition(".")
    if "_delivery_id" in row and "_row_number" in row:
        feed = row["feed"] if layer == "entities" else name.replace("__", "/", 1)
        return [(feed, row["_delivery_id"], row["_row_number"])]
    if named := _named(row):
        return named
    stated = _stated_trace(name)
    if stated is not None:
        source = f"silver.{stated['feed'].replace('/', '__')}"
        conditions = ["_is_current", *(_equals(expression, row[mine]) for mine, expression in stated["key"].items())]
        return [record for found in _select(source, conditions) for record in _records(source, found)]
    for column, entity in _ENTITY_KEYS.items():
        if row.get(column):
            # `using` does not find a column of the views that tables are read through.
            source = f"entities.{entity}_record r join entities.{entity}_member m on m.node_id = r.node_id"
            records = _matching(source, {column: row[column]})
            return [(found["feed"], found["_delivery_id"], found["_row_number"]) for found in records]
    raise LakeError(
        f"{table} states no way back to its records",
        "give its dbt model a meta.trace: {feed, key}, or trace its source",
    )


def _stated_trace(model: str) -> dict[str, Any] | None:
    """The `meta.trace` of a dbt model: its feed, and the silver expression that each of its key columns equals."""
    for path in (PROJECT / "dbt" / "models").rglob(f"{model}.yml"):
        for entry in yaml.safe_load(path.read_text("utf-8")).get("models", []):
            meta = {**entry.get("meta", {}), **entry.get("config", {}).get("meta", {})}
            if entry["name"] == model and "trace" in meta:
                return dict(meta["trace"])
    return None


def _text(value: object) -> str:
    return str(duckdb.execute("select cast($1 as varchar)", [value]).fetchone()[0])


def _origin(feed: str, delivery_id: str, row_number: int, with_text: bool) -> dict[str, Any]:
    contract, delivery = load_feed(feed), ledger.by_id(delivery_id)
    found = sql.query(
        f"select _byte_offset, _byte_length from bronze.{contract.table} "
        f"where _delivery_id = {_literal(delivery_id)} and _row_number = {int(row_number)}"
    ).to_pylist()
    place = found[0] if found else {"_byte_offset": None, "_byte_length": None}
    origin = {
        "feed": feed,
        "file": delivery.object_key.rsplit("/", 1)[-1],
        "row_number": row_number,
        "byte_offset": place["_byte_offset"],
        "byte_length": place["_byte_length"],
        "delivery_id": delivery_id,
        "business_date": delivery.business_date.isoformat() if delivery.business_date else None,
        "sha256": delivery.sha256,
        "landing_key": landing_key(contract.id, str(delivery.sha256)),
        "landing_version": delivery.landing_version,
        "code_version": (delivery.receipt or {}).get("code_version"),
        "state": delivery.state,
        "recalled": (delivery.rejection or {}).get("reason") if delivery.state == DeliveryState.RECALLED else None,
    }
    if with_text:
        origin["text"] = _original_text(contract, origin)
    return origin


def _original_text(contract: FeedContract, origin: dict[str, Any]) -> str:
    """The record as it stands in the delivery, fetched from landing in the version that the ledger names."""
    store = open_store()
    key = origin["landing_key"]
    item = next((found for found in store.list("landing", key) if found.key == key), None)
    if item is None:
        raise LakeError(f"landing has no {key}", "run lake audit: a delivery's bytes are gone")
    spool = settings().home / "spool"
    spool.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=spool) as folder:
        path = Path(folder) / "delivery"
        store.fetch(replace(item, version=origin["landing_version"] or item.version), path)
        return locate(path, contract, Place(origin["row_number"], origin["byte_offset"], origin["byte_length"]))


def _identifier(name: str) -> str:
    if not name.replace("_", "").isalnum():
        raise LakeError(f"{name!r} is no column name", "give --key COLUMN=VALUE")
    return name


def _literal(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
