"""Decoded rows in the one shape that all decoders share."""

from collections.abc import Mapping, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from expectations.contract.feed import FeedContract
from spark_jobs.intake.accounting import batch_schema
from spark_jobs.intake.formats.machinery.charset import Positions
from spark_jobs.intake.formats.machinery.exported import rescued_text, restored_columns
from spark_jobs.intake.formats.machinery.header import RESCUED_COLUMN, Header


def contract_schema(contract: FeedContract) -> pa.Schema:
    """Schema of the contract's decoded batches."""
    return batch_schema(tuple(column.name for column in contract.columns))


def regular_batch(
    contract: FeedContract, header: Header, values: Sequence[pa.Array], provenance: dict[str, pa.Array]
) -> pa.RecordBatch:
    """Rows that were parted into their fields.

    Args:
        contract: the feed's contract.
        header: what each of `values` is.
        values: one array of strings per source column.
        provenance: `_row_number`, `_byte_offset`, `_byte_length`.
    """
    count = len(provenance["_row_number"])
    whole: dict[int, str] = {}
    if header.was_exported_by_us:
        ours = [position for position, column in enumerate(header.columns) if column.fate != "fix"]
        texts, whole = restored_columns([values[position] for position in ours])
        values = [*values]
        for place, array in zip(ours, texts, strict=True):
            values[place] = array
    has_more = header.rescued or header.parts(RESCUED_COLUMN)
    rescued = _rescued(header, values) if has_more else pa.nulls(count, pa.string())
    nothing = pa.nulls(count, pa.string())
    arrays: dict[str, pa.Array] = {**provenance, "_defect": nothing, "_raw": nothing, "_rescued": rescued}
    for column in contract.columns:
        position = header.position(column.name)
        arrays[column.name] = nothing if position is None else values[position]
    if whole:
        _mark(arrays, contract, whole, count)
    schema = contract_schema(contract)
    return pa.RecordBatch.from_arrays([arrays[name] for name in schema.names], schema=schema)


def _mark(arrays: dict[str, pa.Array], contract: FeedContract, whole: dict[int, str], count: int) -> None:
    """Make defects of the rows at these places, with these texts."""
    texts = pa.array([whole.get(place) for place in range(count)], pa.string())
    is_defect = pc.is_valid(texts)
    for name in (*(column.name for column in contract.columns), "_rescued"):
        arrays[name] = pc.if_else(is_defect, pa.scalar(None, pa.string()), arrays[name])
    arrays["_defect"] = pc.if_else(is_defect, "control_character", pa.scalar(None, pa.string()))
    arrays["_raw"] = texts


def defective_batch(contract: FeedContract, rows: Mapping[str, Sequence[object] | Positions]) -> pa.RecordBatch:
    """Rows that could not be parted into their fields: only PROVENANCE is filled in.

    Args:
        contract: the feed's contract.
        rows: `_row_number`, `_byte_offset`, `_byte_length`, `_defect`, `_raw`.
    """
    schema = contract_schema(contract)
    count = len(rows["_row_number"])
    arrays = [pa.array(rows[f.name], f.type) if f.name in rows else pa.nulls(count, f.type) for f in schema]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def _rescued(header: Header, values: Sequence[pa.Array]) -> pa.Array:
    """A JSON object per row of the values in columns that the contract doesn't know."""
    names = [header.columns[position].name for position in header.rescued]
    places = header.parts(RESCUED_COLUMN)[:1]
    columns = [values[position].to_pylist() for position in (*places, *header.rescued)]
    if not places:
        columns.insert(0, [None] * len(columns[0]))
    rows = zip(*columns, strict=True)
    return pa.array(
        [rescued_text(exported, dict(zip(names, row, strict=True))) for exported, *row in rows], pa.string()
    )
