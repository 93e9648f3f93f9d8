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
    for name, made in found.made.items():
        values = (_NONE if value is None else value for value in found.values[name])
        shares = found.shares[name]
        is_last_attribute = not made and name == [each for each, by in found.made.items() if not by][-1]
        table.add_row(
            name,
            made if len(made) <= _MOST_OF_SQL else f"{made[:_MOST_OF_SQL]}…",
            *values,
            f"{shares.empty:.1%}",
            f"{shares.most_frequent:.1%}",
            end_section=is_last_attribute,
        )
    console.print(table)
