"""Proof that an erasure is complete: every value that is left in an entity's tables and their logs is looked at."""

import re
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
from spark_jobs.lake.storage.scratch import left


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


@dataclass(frozen=True)
class Sought:
    """What must not be there.

    Args:
        ids: of profiles, as the tables' columns hold them.
        pattern: matches any text that is sought, and any of the ids in digits.
    """

    ids: pa.Array
    pattern: str


def search(spec: EntitySpec, profiles: Iterable[int], texts: Iterable[str]) -> Proof:
    """Search all files of an entity's tables, and what jobs about it left, for profile ids and for texts.

    Args:
        spec: the kind of entity.
        profiles: ids that must not be anywhere, neither as numbers nor in digits.
        texts: texts, such as a number or an id, that must not be part of any value, log entry or file name.
    """
    wanted = sorted(set(profiles))
    alternatives = sorted({text for text in texts if text}) + [str(each) for each in wanted]
    sought = Sought(pa.array(wanted, pa.int64()), "|".join(map(re.escape, alternatives)))
    _, root = lake_filesystem(settings())
    files = size = values = 0
    found: list[str] = []
    for filesystem, one in _files(spec) if alternatives else ():
        files, size = files + 1, size + (one.size or 0)
        short = one.path.removeprefix(f"{root}/").removeprefix("entities/")
        hits = ["file name"] if re.search(sought.pattern, short) else []
        if one.path.endswith(".parquet"):
            count, columns = _in_parquet(filesystem, one.path, sought)
            values, hits = values + count, hits + columns
        else:
            with filesystem.open_input_stream(one.path) as stream:
                hits += ["text"] if re.search(sought.pattern.encode(), stream.read()) else []
        found += [f"{short}: {hit}" for hit in hits]
    return Proof(files, size, values, tuple(found))


def _files(spec: EntitySpec) -> Iterator[tuple[fs.FileSystem, fs.FileInfo]]:
    """Files of the entity's tables with their logs, and those that a killed job about it left."""
    lake, root = lake_filesystem(settings())
    tables = [(lake, f"{root}/entities/{spec.entity}{suffix}") for suffix in state.schemas(spec)]
    for filesystem, folder in [*tables, *((where, one.path) for where, one in left(spec.entity))]:
        inside = filesystem.get_file_info(fs.FileSelector(folder, recursive=True, allow_not_found=True))
        yield from ((filesystem, one) for one in inside if one.is_file)


def _in_parquet(filesystem: fs.FileSystem, path: str, sought: Sought) -> tuple[int, list[str]]:
    values, hits = 0, []
    with pq.ParquetFile(path, filesystem=filesystem) as file:
        for batch in file.iter_batches():
            for name, column in _leaves(pa.Table.from_batches([batch])):
                values += len(column)
                if _holds(column, sought):
                    hits.append(name)
    return values, sorted(set(hits))


def _leaves(table: pa.Table) -> Iterator[tuple[str, Any]]:
    """Every column of plain values, those within lists, maps and structs too."""
    for name in table.column_names:
        yield from _flat(name, table.column(name).combine_chunks())


def _flat(name: str, column: Any) -> Iterator[tuple[str, Any]]:
    kind = column.type
    if pa.types.is_dictionary(kind):
        yield from _flat(name, column.dictionary_decode())
    elif pa.types.is_map(kind):
        yield from _flat(f"{name}.key", column.keys)
        yield from _flat(f"{name}.value", column.items)
    elif pa.types.is_list(kind) or pa.types.is_large_list(kind):
        yield from _flat(name, column.flatten())
    elif pa.types.is_struct(kind):
        for n in range(kind.num_fields):
            yield from _flat(f"{name}.{kind.field(n).name}", column.field(n))
    else:
        yield name, column


def _holds(column: Any, sought: Sought) -> bool:
    """Whether a column has one of the ids or texts; a date, a moment or a share can be none of them."""
    kind = column.type
    if pa.types.is_integer(kind):
        return bool(pc.any(pc.is_in(column.cast(pa.int64(), safe=False), value_set=sought.ids)).as_py())
    if pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        column = column.cast(pa.large_string())
    elif not (pa.types.is_binary(kind) or pa.types.is_large_binary(kind)):
        return False
    return bool(pc.any(pc.match_substring_regex(column, sought.pattern)).as_py())
