"""DuckDB on a JSON document."""

from pathlib import Path

import duckdb

from tests.bench.intake.peers import Tried


def read(path: Path, out: Path, columns: list[str]) -> None:
    """All keys as texts."""
    types = ", ".join(f"'{name}': 'VARCHAR'" for name in columns)
    duckdb.sql(f"copy (from read_json('{path}', format = 'array', columns = {{{types}}})) to '{out}'")


FORMS = {"json": Tried({"format": "json"}, "DuckDB", read)}
