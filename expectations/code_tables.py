"""Codes of the tables that contracts name: seeds of the warehouse, read as files."""

import csv
from functools import cache
from pathlib import Path

SEEDS = Path(__file__).resolve().parents[1] / "dbt" / "seeds"


@cache
def codes_of(code_table: str) -> tuple[str, ...]:
    """The codes of a table: the column `code` of its seed, in the file's order.

    Raises:
        ValueError: there is no such seed, or it has no column `code`.
    """
    path = SEEDS / f"{code_table}.csv"
    if not path.is_file():
        raise ValueError(f"no code table {code_table}: {path} does not exist")
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.DictReader(file)
        if "code" not in (rows.fieldnames or ()):
            raise ValueError(f"{path}:1: a code table needs a column `code`")
        return tuple(row["code"] for row in rows)
