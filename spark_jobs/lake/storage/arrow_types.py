"""Spark's types as Arrow has them, for tables that delta-rs makes."""

import re
from collections.abc import Mapping

import pyarrow as pa

_PLAIN = {
    "string": pa.string(),
    "bigint": pa.int64(),
    "double": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    # With a zone, or the table would need a newer protocol than all readers have.
    "timestamp": pa.timestamp("us", tz="UTC"),
    "array<string>": pa.list_(pa.string()),
    "array<bigint>": pa.list_(pa.int64()),
}
_DECIMAL = re.compile(r"decimal\((\d+), ?(\d+)\)")
_STRUCT = re.compile(r"struct<(.+)>")
_FIELD = re.compile(r"(\w+): ?(\w+(?:\([\d, ]+\))?)(?:, ?|$)")
"""Of a struct of plain fields; no type of a column nests deeper."""


def arrow_schema(columns: Mapping[str, str]) -> pa.Schema:
    """The schema of columns with Spark's types.

    Raises:
        KeyError: a type that no table of the lake has.
    """
    return pa.schema([(name, _arrow_type(kind)) for name, kind in columns.items()])


def _arrow_type(kind: str) -> pa.DataType:
    if decimal := _DECIMAL.fullmatch(kind):
        return pa.decimal128(int(decimal[1]), int(decimal[2]))
    if struct := _STRUCT.fullmatch(kind):
        return pa.struct([(name, _arrow_type(of_field)) for name, of_field in _FIELD.findall(struct[1])])
    return _PLAIN[kind]
