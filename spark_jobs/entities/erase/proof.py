"""Proof that an erasure is complete: every value that is left in an entity's tables and their logs is looked at."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from pyarrow import fs

from expectations.entity_spec import EntitySpec
from spark_jobs.base.settings import settings
from spark_jobs.entities import state
from spark_jobs.lake.storage.arrow import lake_filesystem


@dataclass(frozen=True)
class Proof:
    """What the search looked at and found.

    Args:
        files: files that were read, of every version that storage still has.
        bytes: their size.
        values: values that were compared.
        found: file and column of everything that still refers to the erased.
    """

    files: int
    bytes: int
    values: int
    found: tuple[str, ...]


def search(spec: EntitySpec, profiles: Iterable[int], texts: Iterable[str]) -> Proof:
    """Search all files of an entity's tables for profile ids and for texts, such as a number or an id.

    Args:
        spec: the kind of entity.
        profiles: ids that must not be anywhere.
        texts: texts that must not be part of any value or log entry.
    """
    ids, sought = pa.array(sorted(set(profiles)), pa.int64()), sorted({text for text in texts if text})
    filesystem, root = lake_filesystem(settings())
    files = size = values = 0
    found: list[str] = []
    for suffix in state.schemas(spec):
        folder = f"{root}/entities/{spec.entity}{suffix}"
        for one in filesystem.get_file_info(fs.FileSelector(folder, recursive=True, allow_not_found=True)):
            if not one.is_file:
                continue
            files, size = files + 1, size + (one.size or 0)
            short = one.path.removeprefix(f"{root}/entities/")
            if one.path.endswith(".parquet"):
                count, hits = _in_parquet(filesystem, one.path, ids, sought)
                values += count
            else:
                with filesystem.open_input_stream(one.path) as stream:
                    hits = list(_in_bytes(stream.read(), ids, sought))
            found += [f"{short}: {hit}" for hit in hits]
    return Proof(files, size, values, tuple(found))


def _in_parquet(filesystem: fs.FileSystem, path: str, ids: pa.Array, sought: list[str]) -> tuple[int, list[str]]:
    values, hits = 0, []
    with pq.ParquetFile(path, filesystem=filesystem) as file:
        for batch in file.iter_batches():
            for name, column in _leaves(pa.Table.from_batches([batch])):
                values += len(column)
                if _holds(column, ids, sought):
                    hits.append(name)
    return values, sorted(set(hits))


def _leaves(table: pa.Table) -> Iterator[tuple[str, Any]]:
    """Every column of plain values, those within lists, maps and structs too."""
    for name in table.column_names:
        yield from _flat(name, table.column(name).combine_chunks())


def _flat(name: str, column: Any) -> Iterator[tuple[str, Any]]:
    kind = column.type
    if pa.types.is_map(kind):
        yield from _flat(f"{name}.key", column.keys)
        yield from _flat(f"{name}.value", column.items)
    elif pa.types.is_list(kind) or pa.types.is_large_list(kind):
        yield from _flat(name, column.flatten())
    elif pa.types.is_struct(kind):
        for n in range(kind.num_fields):
            yield from _flat(f"{name}.{kind.field(n).name}", column.field(n))
    else:
        yield name, column


def _holds(column: Any, ids: pa.Array, sought: list[str]) -> bool:
    if pa.types.is_int64(column.type):
        return bool(pc.any(pc.is_in(column, value_set=ids)).as_py())
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        return any(bool(pc.any(pc.match_substring(column, text)).as_py()) for text in sought)
    return False


def _in_bytes(content: bytes, ids: pa.Array, sought: list[str]) -> Iterator[str]:
    """A log entry or another file that is text: ids stand in it as digits."""
    for text in [*sought, *(str(i) for i in ids.to_pylist())]:
        if text.encode() in content:
            yield "log entry"
            return
