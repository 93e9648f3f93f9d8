"""Decoded rows in the one shape that all decoders share."""

from collections.abc import Mapping, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from expectations.contract.feed import FeedContract
from spark_jobs.intake.accounting import PROVENANCE, batch_schema
from spark_jobs.intake.formats.machinery.charset import Positions
from spark_jobs.intake.formats.machinery.exported import (
    NOT_PARTED,
    rescued_text,
    restored_columns,
    row_number,
    still_whole,
)
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
    whole: dict[int, tuple[str, str]] = {}
    if header.was_exported_by_us:
        ours = [position for position, column in enumerate(header.columns) if column.fate != "fix"]
        texts, unfit = restored_columns([values[position] for position in ours])
        values = [*values]
        for place, array in zip(ours, texts, strict=True):
            values[place] = array
        whole = {place: ("control_character", text) for place, text in unfit.items()} | _not_parted(texts)
    has_more = header.rescued or header.parts(RESCUED_COLUMN)
    rescued = _rescued(header, values) if has_more else pa.nulls(count, pa.string())
    nothing = pa.nulls(count, pa.string())
    arrays: dict[str, pa.Array] = {**provenance, "_defect": nothing, "_raw": nothing, "_rescued": rescued}
    corrects = [None] * count if header.corrects is None else map(row_number, values[header.corrects].to_pylist())
    arrays["_corrects"] = pa.array(corrects, pa.int64())
    for column in contract.columns:
        position = header.position(column.name)
        arrays[column.name] = nothing if position is None else values[position]
    schema = contract_schema(contract)
    batch = pa.RecordBatch.from_arrays([arrays[name] for name in schema.names], schema=schema)
    return with_defects(batch, whole)


def _not_parted(columns: Sequence[pa.Array]) -> dict[int, tuple[str, str]]:
    """Rows that came back as they were given out because they could not be parted, as defects by their place."""
    marked = {place for column in columns for place in _places_of(pc.match_substring(column, NOT_PARTED))}
    texts = {place: still_whole([column[place].as_py() for column in columns]) for place in sorted(marked)}
    return {place: ("not_parted", text) for place, text in texts.items() if text is not None}


def _places_of(mask: pa.Array) -> list[int]:
    places: list[int] = pc.indices_nonzero(pc.fill_null(mask, False)).to_pylist()
    return places


def with_defects(batch: pa.RecordBatch, defects: Mapping[int, tuple[str, str]]) -> pa.RecordBatch:
    """The batch, those rows being defects by their place in it, with their code and their whole text."""
    if not defects:
        return batch
    found = [defects.get(place, (None, None)) for place in range(batch.num_rows)]
    codes, texts = (pa.array(column, pa.string()) for column in zip(*found, strict=True))
    is_whole = pc.is_null(codes)
    kept = {field.name for field in PROVENANCE} - {"_rescued"}
    arrays = {
        name: array if name in kept else pc.if_else(is_whole, array, pa.scalar(None, pa.string()))
        for name, array in zip(batch.schema.names, batch.columns, strict=True)
    }
    arrays |= {"_defect": codes, "_raw": texts}
    return pa.RecordBatch.from_arrays(list(arrays.values()), schema=batch.schema)


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
