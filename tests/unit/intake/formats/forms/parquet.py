"""Parquet files, whose rows to fix go back in either form."""

import tempfile
from typing import Any

import duckdb

from expectations.contract.formats.parquet import Parquet

FORMS: list[dict[str, Any]] = [{"format": "parquet"}, {"format": "parquet", "rows_to_fix": "parquet"}]


def read(content: bytes, options: Parquet) -> list[list[str]]:
    """By DuckDB."""
    with tempfile.NamedTemporaryFile(suffix=".parquet") as file:
        file.write(content)
        file.flush()
        found = duckdb.sql(f"select * from read_parquet('{file.name}')")
        return [found.columns, *(["" if cell is None else str(cell) for cell in row] for row in found.fetchall())]
