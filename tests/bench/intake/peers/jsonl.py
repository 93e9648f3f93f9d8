"""DuckDB on JSON lines."""

from pathlib import Path

import duckdb

from tests.bench.intake.peers import Tried


def read(path: Path, out: Path, columns: list[str]) -> None:
    """All keys as texts."""
    types = ", ".join(f"'{name}': 'VARCHAR'" for name in columns)
    duckdb.sql(f"copy (from read_json('{path}', format = 'newline_delimited', columns = {{{types}}})) to '{out}'")


FORMS = {
    "jsonl": Tried({"format": "jsonl"}, "DuckDB", read),
    "jsonl, gzip": Tried({"format": "jsonl", "compression": "gzip"}, "DuckDB", read),
}
