"""The figures of an evaluation as tables."""

from typing import Any

from rich.console import Console
from rich.table import Table

from spark_jobs.entities.measure.groups import told

_TABLES = {
    "weights by level": "weights",
    "stages, seconds": "stages",
    "compared columns": "columns",
    "blocks": "blocks",
    "pairs of one entity": "pairs_of_one_entity",
    "wrong clusters": "wrong_clusters",
    "by noise": "by_noise",
}
"""Titles of the tables that follow the first, and whose figures they are."""


def show(figures: dict[str, Any], console: Console) -> None:
    """Print the figures as tables."""
    table = Table("figure", "value", title=f"model {figures['model']}")
    for name, value in figures.items():
        if not isinstance(value, dict | list):
            table.add_row(name, _text(value))
    console.print(table)
    for title, rows in _TABLES.items():
        if figures.get(rows):
            console.print(_by_name(title, figures[rows]))
    if figures["groups"]:
        console.print(told(figures["groups"]), markup=False, highlight=False)
    for warning in figures["warnings"]:
        console.print(f"warning: {warning}", style="yellow", markup=False, highlight=False)


def _by_name(title: str, rows: dict[str, Any]) -> Table:
    first = next(iter(rows.values()))
    names = list(first) if isinstance(first, dict) else ["value"]
    table = Table("", *names, title=title)
    for name, row in rows.items():
        table.add_row(name, *map(_text, row.values() if isinstance(row, dict) else [row]))
    return table


def _text(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.4f}"
    if value is None:
        return "–"
    return f"{value:,}" if isinstance(value, int) else str(value)
