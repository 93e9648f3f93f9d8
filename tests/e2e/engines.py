"""The same count and checksums of a Delta table by three engines that share no code."""

import hashlib
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
from deltalake import DeltaTable

Sums = dict[str, tuple[int, Decimal]]
"""For each column the values that are there, and a sum over them."""

_PRIME = 1_000_000_007
"""Moments are summed modulo it, or a million of them would not fit into 64 bits."""

# By kind of column: the number that SQL makes of a value, in DuckDB's words and in Spark's.
_SQL = {
    "text": ("('0x' || substr(md5({0}), 1, 8))::bigint", "cast(conv(substr(md5({0}), 1, 8), 16, 10) as bigint)"),
    # Ids fill 64 bits: their sum does not fit.
    "integer": ("{0}", "cast({0} as decimal(38, 0))"),
    "decimal": ("{0}", "{0}"),
    "flag": ("cast({0} as int)", "cast({0} as int)"),
    "day": ("date_diff('day', date '1970-01-01', {0})", "datediff({0}, date '1970-01-01')"),
    "moment": (f"epoch_us({{0}}) % {_PRIME}", f"unix_micros({{0}}) % {_PRIME}"),
    "list": ("len({0})", "size({0})"),
    "other": ("0 * 1", "0 * 1"),
}
_PYTHON: dict[str, Callable[[Any], int | Decimal]] = {
    "text": lambda value: int(hashlib.md5(value.encode(), usedforsecurity=False).hexdigest()[:8], 16),
    "integer": lambda value: value,
    "decimal": lambda value: value,
    "flag": int,
    "day": lambda value: value.toordinal() - 719_163,
    "moment": lambda value: value % _PRIME if value >= 0 else -(-value % _PRIME),
    "list": len,
    "other": lambda value: 0,
}


def _kind(kind: pa.DataType) -> str:
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return "text"
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        return "list"
    names = {
        pa.types.is_integer: "integer",
        pa.types.is_decimal: "decimal",
        pa.types.is_boolean: "flag",
        pa.types.is_date: "day",
        pa.types.is_timestamp: "moment",
    }
    return next((name for test, name in names.items() if test(kind)), "other")


def kinds(path: Path) -> dict[str, str]:
    """What is summed of each column."""
    return {field.name: _kind(field.type) for field in pa.schema(DeltaTable(str(path)).schema().to_arrow())}


def by_delta_rs(path: Path) -> Sums:
    """By delta-rs and Arrow, summed by Python."""
    table = DeltaTable(str(path)).to_pyarrow_dataset().to_table()
    sums = {}
    for name, kind in kinds(path).items():
        values = table[name]
        if kind == "moment":
            values = values.cast(pa.timestamp("us", tz=values.type.tz)).cast(pa.int64())
        there = [] if kind == "other" else pc.drop_null(values).to_pylist()
        sums[name] = (len(values) - values.null_count, sum((Decimal(_PYTHON[kind](one)) for one in there), Decimal(0)))
    return {"*": (table.num_rows, Decimal(0)), **sums}


def by_duckdb(path: Path) -> Sums:
    """By DuckDB's own Parquet reader on the files of the newest version: there is nothing beside the files."""
    uris = DeltaTable(str(path)).file_uris()
    if not uris:
        return dict.fromkeys(["*", *kinds(path)], (0, Decimal(0)))
    row = duckdb.execute(f"select {_sums(path, 0)} from read_parquet($1, union_by_name = true)", [uris]).fetchone()
    assert row is not None
    return _sums_of(path, row)


def by_spark(spark: Any, path: Path) -> Sums:
    """By the lake server."""
    return _sums_of(path, spark.sql(f"select {_sums(path, 1)} from delta.`{path}`").first())


def _sums(path: Path, dialect: int) -> str:
    """The select list, for DuckDB (0) or Spark (1): rows, then values and sum of each column."""
    parts, quote = ["count(*)"], '"`'[dialect]
    for name, kind in kinds(path).items():
        column = f"{quote}{name}{quote}"
        parts += [f"count({column})", f"sum({_SQL[kind][dialect].format(column)})"]
    return ", ".join(parts)


def _sums_of(path: Path, row: Any) -> Sums:
    values = list(row)
    pairs = zip(values[1::2], values[2::2], strict=True)
    sums = {name: (int(count), Decimal(total or 0)) for name, (count, total) in zip(kinds(path), pairs, strict=True)}
    return {"*": (int(values[0]), Decimal(0)), **sums}
