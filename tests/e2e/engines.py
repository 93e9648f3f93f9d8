"""The same count and checksums of a Delta table by three engines that share no code."""

from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
from deltalake import DeltaTable

Sums = dict[str, int]


def by_delta_rs(path: Path) -> Sums:
    """Rows, and a sum per column, by delta-rs and Arrow."""
    table = DeltaTable(str(path)).to_pyarrow_dataset().to_table()
    sums = {"rows": table.num_rows}
    for field in table.schema:
        values = table[field.name]
        if pa.types.is_string(field.type) or pa.types.is_large_string(field.type):
            sums[field.name] = pc.sum(pc.utf8_length(values)).as_py() or 0
        elif pa.types.is_integer(field.type):
            sums[field.name] = pc.sum(values).as_py() or 0
        elif pa.types.is_boolean(field.type):
            sums[field.name] = pc.sum(values.cast(pa.int64())).as_py() or 0
        elif pa.types.is_date(field.type):
            sums[field.name] = pc.sum(values.cast(pa.int32())).as_py() or 0
        elif pa.types.is_decimal(field.type):
            sums[field.name] = int((pc.sum(values).as_py() or 0) * 100)
    return sums


def _expressions(path: Path, days: str) -> dict[str, str]:
    """SQL for the same sums; `days` makes a number of a date."""
    expressions = {"rows": "count(*)"}
    for field in pa.schema(DeltaTable(str(path)).schema().to_arrow()):
        name = f"`{field.name}`"
        if pa.types.is_string(field.type) or pa.types.is_large_string(field.type):
            expressions[field.name] = f"sum(length({name}))"
        elif pa.types.is_integer(field.type):
            expressions[field.name] = f"sum({name})"
        elif pa.types.is_boolean(field.type):
            expressions[field.name] = f"sum(cast({name} as int))"
        elif pa.types.is_date(field.type):
            expressions[field.name] = f"sum({days.format(name)})"
        elif pa.types.is_decimal(field.type):
            expressions[field.name] = f"cast(sum({name}) * 100 as bigint)"
    return expressions


def by_duckdb(path: Path) -> Sums:
    """By DuckDB's own Parquet reader on the files of the newest version: there is nothing beside the files."""
    expressions = _expressions(path, "date_diff('day', date '1970-01-01', {})")
    uris = DeltaTable(str(path)).file_uris()
    if not uris:
        return dict.fromkeys(expressions, 0)
    query = ", ".join(expressions.values()).replace("`", '"')
    row = duckdb.execute(f"select {query} from read_parquet($1, union_by_name = true)", [uris]).fetchone()
    assert row is not None
    return {name: int(value or 0) for name, value in zip(expressions, row, strict=True)}


def by_spark(spark: Any, path: Path) -> Sums:
    """By the lake server."""
    expressions = _expressions(path, "datediff({}, date '1970-01-01')")
    row = spark.sql(f"select {', '.join(expressions.values())} from delta.`{path}`").first()
    return {name: int(value or 0) for name, value in zip(expressions, row, strict=True)}
