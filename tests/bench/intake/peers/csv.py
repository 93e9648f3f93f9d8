"""DuckDB on delimited text."""

from pathlib import Path

import duckdb

from tests.bench.intake.peers import Tried


def read(path: Path, out: Path, columns: list[str]) -> None:
    """All columns as texts."""
    duckdb.sql(f"copy (from read_csv('{path}', all_varchar = true, header = true)) to '{out}'")


FORMS = {
    "csv": Tried({"format": "csv", "encoding": "utf-8"}, "DuckDB", read),
    "csv, |, gzip": Tried(
        {"format": "csv", "encoding": "utf-8", "delimiter": "|", "compression": "gzip"}, "DuckDB", read
    ),
}
