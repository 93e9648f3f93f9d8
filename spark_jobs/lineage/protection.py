"""Which marts show persons: direct identifiers that reach them by direct lineage, and whether they say for what.

A mart goes to whoever may read its layer; personal information is processed for a stated purpose and no more of it than
that needs (个人信息保护法 art. 6). The purpose stands in the mart's yml, `meta.discloses`, with the columns.
"""

from collections.abc import Iterator

from expectations.contract.feed import Sensitivity
from spark_jobs.lineage.graph import Graph
from spark_jobs.lineage.values import Node


def is_mart(table: str) -> bool:
    """It is a mart, or what is released of one."""
    return table.startswith(("marts.mart_", "restricted.mart_"))


def identifying(graph: Graph) -> dict[str, list[str]]:
    """The columns of each mart that show a name, a number, a telephone or an address of a person."""
    found = {
        table: [name for name in names if Sensitivity.DIRECT in graph.levels(Node(table, name))]
        for table, names in sorted(graph.tables.items())
        if is_mart(table)
    }
    return {table: names for table, names in found.items() if names}


def exposed(graph: Graph) -> list[str]:
    """A line for each mart whose yml does not say of exactly these columns for what it shows them."""
    found = identifying(graph)
    return [line for table in sorted(found.keys() | graph.disclosures.keys()) for line in _of(graph, table, found)]


def _of(graph: Graph, table: str, found: dict[str, list[str]]) -> Iterator[str]:
    shown, stated = set(found.get(table, ())), graph.disclosures.get(table)
    allowed = set(stated.columns) if stated else set()
    for name in sorted(shown - allowed):
        yield f"{Node(table, name)} shows {', '.join(map(str, origins(graph, Node(table, name))))}"
    for name in sorted(allowed - shown):
        yield f"{table} discloses {name}, which shows no direct identifier: take it out of meta.discloses"
    if stated is not None and not stated.purpose.strip():
        yield f"{table} does not say in meta.discloses for what purpose"


def origins(graph: Graph, node: Node) -> list[Node]:
    """The direct identifiers in silver whose values a column shows."""
    found: dict[Node, None] = {}
    waiting = [node]
    seen = set(waiting)
    while waiting:
        here = waiting.pop()
        if here in graph.stated:
            if Sensitivity.DIRECT in graph.stated[here]:
                found[here] = None
            continue
        shown = {edge.source for edge in graph.edges.get(here, ()) if edge.way.is_direct and not edge.is_masked}
        waiting += sorted(shown - seen)
        seen |= shown
    return sorted(found)
