"""How many rows of each delivery a Parquet file of a table holds, read from its rows, never from statistics."""

import sys
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from pyarrow import fs

from spark_jobs.lake.silver.parts import ENDING, PART
from spark_jobs.lake.storage.paths import Layer

_BATCH_ROWS = 65_536
_AHEAD = 16
"""Files whose counts are read ahead of their use; more would be kept in memory."""
_UNNAMED = "(no delivery)"


@dataclass(frozen=True, slots=True)
class FileCount:
    """Rows of one file.

    Args:
        rows: delivery -> rows.
        reasons: (delivery, rule) -> rows that break it; quarantine only.
        problem: why the file could not be read.
    """

    rows: dict[str, int] = field(default_factory=dict)
    reasons: dict[tuple[str, str], int] = field(default_factory=dict)
    problem: str | None = None


def count_files(
    filesystem: fs.FileSystem, folder: str, files: Iterable[tuple[str, int | None]], layer: Layer
) -> Iterator[tuple[str, FileCount | None]]:
    """Each file's counts in their order; None where the file is no longer there.

    Args:
        filesystem: of the table.
        folder: of the table.
        files: path and size of each; None: the size is not known.
        layer: of the table.
    """
    with ThreadPoolExecutor(max_workers=8) as pool:
        waiting: deque[tuple[str, Future[FileCount | None]]] = deque()
        for path, size in files:
            waiting.append((path, pool.submit(_count, filesystem, f"{folder}/{path}", size, layer)))
            if len(waiting) >= _AHEAD:
                name, future = waiting.popleft()
                yield name, future.result()
        for name, future in waiting:
            yield name, future.result()


def _count(filesystem: fs.FileSystem, path: str, size: int | None, layer: Layer) -> FileCount | None:
    found = FileCount()
    if f"/{PART}={ENDING}/" in path:
        # What is said of rows is no row of a delivery; but the file must be there.
        return found if filesystem.get_file_info(path).type == fs.FileType.File else None
    columns = ["_delivery_id", *(["breaches"] if layer == "quarantine" else [])]
    try:
        with filesystem.open_input_file(path) as file:
            if size is not None and file.size() != size:
                return FileCount(problem="another size")
            for batch in pq.ParquetFile(file).iter_batches(_BATCH_ROWS, columns=columns, use_threads=False):
                _add_rows(found.rows, batch)
                if layer == "quarantine":
                    _add_reasons(found.reasons, batch)
    except FileNotFoundError:
        return None
    except (pa.ArrowInvalid, OSError, KeyError) as error:
        return FileCount(problem=type(error).__name__)
    return found


def _add_rows(rows: dict[str, int], batch: pa.RecordBatch) -> None:
    for pair in batch.column("_delivery_id").value_counts():
        name = _name(pair["values"].as_py())
        rows[name] = rows.get(name, 0) + int(pair["counts"].as_py())


def _add_reasons(reasons: dict[tuple[str, str], int], batch: pa.RecordBatch) -> None:
    """A row counts once under each rule that it breaks, however many of its fields do."""
    breaches = batch.column("breaches")
    rows = pc.list_parent_indices(breaches)
    # Writers choose between string and string_view, which not every kernel takes.
    rules = pc.struct_field(pc.list_flatten(breaches), "rule").cast(pa.string())
    deliveries = batch.column("_delivery_id").cast(pa.string())
    broken = pa.table({"row": rows, "rule": rules}).group_by(["row", "rule"]).aggregate([])
    named = pa.table({"delivery": deliveries.take(broken["row"]), "rule": broken["rule"]})
    counts = named.group_by(["delivery", "rule"]).aggregate([([], "count_all")])
    for delivery, rule, count in zip(
        *(counts[name].to_pylist() for name in ("delivery", "rule", "count_all")), strict=True
    ):
        key = (_name(delivery), _name(rule))
        reasons[key] = reasons.get(key, 0) + count


def _name(text: str | None) -> str:
    return _UNNAMED if text is None else sys.intern(text)
