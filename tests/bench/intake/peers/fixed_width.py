"""DuckDB on lines of fixed width, cut by characters: it knows no fields of bytes."""

from pathlib import Path

import duckdb

from tests.bench.intake.peers import Tried

_WIDTHS = {
    "number": 8, "name": 12, "sex": 1, "born": 10, "division": 6, "street": 60, "phone": 11, "kind": 1, "amount": 10,
    "paid": 9, "changed": 19, "remark": 12,
}  # fmt: skip


def read(path: Path, out: Path, columns: list[str]) -> None:
    """Fields of the bytes' widths; Chinese characters shift them, which costs no time."""
    at, fields = 1, []
    for name in columns:
        fields.append(f"trim(substr(line, {at}, {_WIDTHS[name]})) as {name}")
        at += _WIDTHS[name]
    lines = f"read_csv('{path}', columns = {{'line': 'VARCHAR'}}, header = false, delim = '\x01', quote = '')"
    duckdb.sql(f"copy (select {', '.join(fields)} from {lines}) to '{out}'")


FORMS = {"fixed_width": Tried({"format": "fixed_width", "encoding": "utf-8", "fields": _WIDTHS}, "DuckDB", read)}
