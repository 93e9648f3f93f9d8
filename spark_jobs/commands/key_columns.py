"""The keys of some records as a table: a line an attribute or key, a column a record."""

from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from spark_jobs.entities.measure.key_table import KeyTable

_MOST_OF_SQL = 60
_NONE = "–"


def show(found: "KeyTable", console: Console) -> None:
    """Print what the records shown have, and what all have."""
    table = Table("column", "made by", *found.records, "empty", "most frequent")
    for are_keys in (False, True):
        for name, made in found.made.items():
            if bool(made) is are_keys:
                table.add_row(*_row(found, name, made))
        table.add_section()
    console.print(table)


def _row(found: "KeyTable", name: str, made: str) -> list[str]:
    made_by = made if len(made) <= _MOST_OF_SQL else f"{made[:_MOST_OF_SQL]}…"
    values = (_NONE if value is None else value for value in found.values[name])
    shares = found.shares[name]
    return [name, made_by, *values, f"{shares.empty:.1%}", f"{shares.most_frequent:.1%}"]
