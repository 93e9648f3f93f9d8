"""Whether two homes hold the same of a delivery: rows by their content, the receipt but for times and versions."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.compute as pc
from deltalake import DeltaTable
from sqlalchemy import select
from sqlalchemy.orm import Session

from spark_jobs.ask.audit.finding import Finding, shown
from spark_jobs.base.counted import counted
from spark_jobs.base.errors import LakeError
from spark_jobs.control.database import engine
from spark_jobs.control.schema import Delivery
from spark_jobs.lake.silver.parts import STORED
from spark_jobs.lake.storage.arrow import dataset
from spark_jobs.lake.storage.paths import Layer
from spark_jobs.lake.storage.tables import exists

LAYERS: tuple[Layer, ...] = ("bronze", "silver", "quarantine")
_OF_OTHERS = frozenset({"_valid_from", "_valid_to", "_is_current", *STORED})
"""Validity follows from all rows of a key, also those of other deliveries; an ending is of no delivery's rows."""
_OF_THE_MOMENT = frozenset(
    {"issued_at", "received_at", "code_version", "tables", "chain", "repairs", "restored_after", "late"}
)
_BATCH_ROWS = 16_384
_STEP = "the same bytes came out otherwise: compare code_version of the receipt with today's, then trace the rows"


class NotDoneAgain(LakeError):  # noqa: N818
    """The work beside the lake failed, which says nothing of the lake.

    Args:
        what: what failed.
        log: where it says why.
        home: of the lake beside, which is kept for a look.
    """

    def __init__(self, what: str, log: Path, home: Path) -> None:
        super().__init__(what, f"read {log}; remove {home} afterwards, it holds data of persons")


@dataclass(frozen=True)
class Content:
    """Rows of a delivery in a table, whatever their order and files."""

    rows: int
    digest: int
    """Sum of the rows' hashes, modulo 2^256."""


def compare(row: Delivery, home: Path) -> Iterator[Finding]:
    """Findings on one delivery.

    Args:
        row: the delivery in the lake.
        home: of the lake beside, where it was done again.

    Raises:
        NotDoneAgain: it was not closed there.
    """
    place = f"{row.feed} {shown(row.delivery_id)}"
    table = row.feed.replace("/", "__")
    again = _row_again(row, home)
    if again is None or again.receipt is None:
        told = (again.failure if again else None) or {}
        why = f": {told['error']} in {told['step']}" if told else ""
        raise NotDoneAgain(f"{place} was not closed when it was done again{why}", home / "logs" / "failures", home)
    for layer in LAYERS:
        there = dataset(layer, table) if exists(layer, table) else None
        uri = home / "lake" / layer / table
        beside = DeltaTable(str(uri)).to_pyarrow_dataset() if DeltaTable.is_deltatable(str(uri)) else None
        names = _shared(there, beside)
        held, made = (content(rows, row.delivery_id, names) for rows in (there, beside))
        if held != made:
            counts = f"{counted(held.rows, 'row')} there, {made.rows} when done again"
            yield Finding("I9", place, f"{layer} differs: {counts}", _STEP, row.delivery_id)
    differing = _differing(row.receipt or {}, again.receipt)
    if differing:
        yield Finding("I9", place, f"the receipts differ in {', '.join(differing)}", _STEP, row.delivery_id)


def content(rows: Any, delivery: str, names: list[str]) -> Content:
    """Content of a delivery's rows in a dataset.

    Args:
        rows: a PyArrow dataset, None where there is no table.
        delivery: its id.
        names: the columns that are compared; an absent one is null.
    """
    count = digest = 0
    if rows is not None:
        there = [name for name in names if name in rows.schema.names]
        wanted = pc.field("_delivery_id") == delivery
        for batch in rows.to_batches(columns=there, filter=wanted, batch_size=_BATCH_ROWS):
            for one in batch.to_pylist():
                digest += _hash({name: one.get(name) for name in names})
            count += batch.num_rows
    return Content(count, digest % (1 << 256))


def _hash(row: Mapping[str, Any]) -> int:
    text = json.dumps(row, sort_keys=True, ensure_ascii=True, default=str)
    return int.from_bytes(hashlib.sha256(text.encode("ascii")).digest())


def _shared(*tables: Any) -> list[str]:
    """Columns of either table that speak of the delivery alone."""
    names = {name for rows in tables if rows is not None for name in rows.schema.names}
    return sorted(names - _OF_OTHERS)


def _row_again(row: Delivery, home: Path) -> Delivery | None:
    with Session(engine(f"sqlite:///{home}/control.db")) as at:
        return at.scalar(select(Delivery).where(Delivery.delivery_id == row.delivery_id))


def _differing(held: Mapping[str, Any], made: Mapping[str, Any]) -> list[str]:
    names = (held.keys() | made.keys()) - _OF_THE_MOMENT
    return sorted(name for name in names if held.get(name) != made.get(name))
