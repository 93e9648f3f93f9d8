"""Answers to questions about the lineage: a column or a table by its name, and where it comes from or goes."""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

from spark_jobs.base.errors import LakeError
from spark_jobs.lineage.graph import Graph, Reached, reached
from spark_jobs.lineage.protection import is_mart
from spark_jobs.lineage.values import Node

_NAMES = "a column is layer.table.column or agency/feed.field, a table layer.table or agency/feed"


def named(graph: Graph, text: str) -> list[Node]:
    """The column of that name, or all of a table.

    A field of a feed is named as in what the department sends; its name in silver will do.

    Raises:
        LakeError: there is no such table or column.
    """
    table, column = _parted(text)
    if table not in graph.tables:
        raise LakeError(f"no table {table} in the lineage", _advice(table, graph.tables))
    if column is None:
        return [Node(table, name) for name in graph.tables[table]]
    if column in graph.tables[table]:
        return [Node(table, column)]
    silver = f"silver.{table.replace('/', '__')}"
    if "/" in table and column in graph.tables.get(silver, ()):
        return [Node(silver, column)]
    raise LakeError(f"{table} has no column {column}", _advice(column, graph.tables[table]))


def _parted(text: str) -> tuple[str, str | None]:
    """Table and column; what a feed calls a field may have any sign in it."""
    first, dot, rest = text.partition(".")
    if "/" in first:
        return first, rest if dot else None
    table, dot, column = rest.partition(".")
    return f"{first}.{table}", column if dot else None


def _advice(wanted: str, known: Iterable[str]) -> str:
    near = get_close_matches(wanted, list(known), n=3, cutoff=0.5)
    return f"did you mean {' or '.join(near)}" if near else _NAMES


def as_document(graph: Graph, node: Node, down: bool) -> dict[str, Any]:
    """All that a column comes from, or where it goes, nearest first."""
    found = [each for each in reached(graph, [node], down).values() if each.steps]
    return {
        "column": str(node),
        "direction": "down" if down else "up",
        "sensitivity": levels(graph, node),
        "reached": [_document(each) for each in sorted(found, key=lambda each: (each.steps, each.node.table))],
    }


def levels(graph: Graph, node: Node) -> list[str]:
    """How sensitive the values are that a column shows, by contracts."""
    return sorted(level.value for level in graph.levels(node))


def _document(each: Reached) -> dict[str, Any]:
    return {
        "table": each.node.table,
        "column": each.node.name,
        "kind": "direct" if each.way.is_direct else "indirect",
        "way": each.way.value,
        "masked": each.is_masked,
        "steps": each.steps,
        "by": str(each.by),
    }


def ends(found: Iterable[Reached], down: bool) -> list[Reached]:
    """Of what a walk has come to: fields that departments send, or columns of marts."""
    columns = (each for each in found if each.node.name is not None)
    return [each for each in columns if (is_mart(each.node.table) if down else "/" in each.node.table)]
