"""DuckDB on Parquet."""

from pathlib import Path

import duckdb

from tests.bench.intake.peers import Tried


def read(path: Path, out: Path, columns: list[str]) -> None:
    """All columns as texts."""
    duckdb.sql(f"copy (select cast(columns(*) as varchar) from read_parquet('{path}')) to '{out}'")


FORMS = {"parquet": Tried({"format": "parquet"}, "DuckDB", read)}
