"""What the keys of a spec are of the records of some files: what `lake spec-keys` shows to those who write specs."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from expectations.entity_spec import EntitySpec
from spark_jobs.base.errors import LakeError
from spark_jobs.entities.input.record_files import id_names, ids_by_row, read_records
from spark_jobs.entities.match.profiles import with_keys
from spark_jobs.entities.measure.asked import check_names, check_there, spec_in
from spark_jobs.entities.measure.column_shares import ColumnShares, shares_of
from spark_jobs.entities.measure.on_engine import Lent, Work, done
from spark_jobs.entities.measure.table_files import as_texts, check_file, write_table
from spark_jobs.lake.engine.workbench import Workbench
from spark_jobs.lake.server import lifecycle

_SHOWN = 3
"""Records that are shown where none is named."""
_KEPT = "keys"


@dataclass(frozen=True)
class KeyTable:
    """Attributes and keys of records.

    Args:
        records: id of each record that is shown, with its file's name where there are several files.
        made: by column, in the spec's order: of what a key is made; nothing for an attribute.
        values: by column, the value of each record that is shown, as a text.
        shares: by column, what it holds in all records.
    """

    records: list[str]
    made: dict[str, str]
    values: dict[str, list[str | None]]
    shares: dict[str, ColumnShares]


def keys_of_files(
    spec_path: Path, files: list[Path], ids: list[str], to: Path | None, lent: Lent = lifecycle.lent
) -> KeyTable:
    """Compute the keys of all records of files, as resolving them does; show some, write all to a file.

    Args:
        spec_path: of the spec.
        files: CSV or Parquet.
        ids: of the records to be shown; none for the first ones.
        to: where all are written, if anywhere.
        lent: gives the lake server while it is needed.

    Raises:
        LakeError: a file is wrong or has no such record, or a part of the spec, which is named.
    """
    check_there({"--spec": spec_path})
    if to is not None:
        check_file(to, "--out")
    check_names(files)
    spec = spec_in(spec_path)
    return done(Work("keys", spec_path, spec, files, partial(_computed, spec, files, ids, to)), lent)


def _computed(
    spec: EntitySpec, files: list[Path], ids: list[str], to: Path | None, bench: Workbench, _engine: str
) -> KeyTable:
    made = _made(spec)
    records = read_records(bench.spark, spec, files, bench.staging)
    bench.staging.keep(with_keys(records, spec).select("record_id", "file_number", *made), _KEPT)
    table = bench.staging.table(_KEPT)
    file = pa.array([path.stem for path in files]).take(table["file_number"].combine_chunks())
    table = table.set_column(1, "file", file)
    if to is not None:
        write_table(to, table)
    places = _places(table["record_id"], ids or _first(spec, files))
    if not places:
        raise LakeError(f"no record has the id {' or '.join(ids)}", f"check it against the column {id_names(spec)[0]}")
    named = "{file}:{record_id}" if len(files) > 1 else "{record_id}"
    chosen = table.take(places)
    shown = [named.format(**row) for row in chosen.select(["file", "record_id"]).to_pylist()]
    values = {name: [_text(value) for value in as_texts(chosen[name]).to_pylist()] for name in made}
    return KeyTable(shown, made, values, {name: shares_of(table[name]) for name in made})


def _made(spec: EntitySpec) -> dict[str, str]:
    """Attributes and keys by name, in the spec's order; `file` stands beside the id."""
    attributes = {each.name: "" for each in spec.attributes if each.name != "file"}
    keys = {key.name: key.sql or f"{key.by} of {', '.join(key.of)}" for key in spec.matching.keys}
    return {**attributes, **{name: " ".join(made.split()) for name, made in keys.items()}}


def _first(spec: EntitySpec, files: list[Path]) -> list[str]:
    ids: list[str] = ids_by_row(spec, files[0]).slice(0, _SHOWN).to_pylist()
    return ids


def _places(record_id: pa.ChunkedArray, ids: list[str]) -> list[int]:
    """Where those records are, in the order of the ids."""
    at = pc.index_in(record_id, value_set=pa.array(ids, pa.string()))
    found: list[int] = pc.indices_nonzero(pc.is_valid(at)).to_pylist()
    return sorted(found, key=lambda place: at[place].as_py())


def _text(value: Any) -> str | None:
    return None if value is None else str(value)
