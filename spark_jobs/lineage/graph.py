"""The lineage of every column, from the fields that departments send to the marts, and walks through it."""

import json
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from expectations.contract.feed import Sensitivity
from spark_jobs.lineage.values import Edge, Node, Way, further


@dataclass(frozen=True)
class Disclosure:
    """What a mart shows of persons on purpose: the block `meta.discloses` of its yml."""

    purpose: str
    columns: tuple[str, ...]


@dataclass(frozen=True)
class Graph:
    """What each column depends on, one step back.

    Args:
        edges: of every column in the order of its table, and of the rows of each table.
        stated: how sensitive fields and silver columns are by their contract.
        disclosures: of marts, by table.
    """

    edges: Mapping[Node, frozenset[Edge]]
    stated: Mapping[Node, frozenset[Sensitivity]] = field(default_factory=dict)
    disclosures: Mapping[str, Disclosure] = field(default_factory=dict)

    @cached_property
    def tables(self) -> Mapping[str, tuple[str, ...]]:
        """The columns of each table, in order; feeds among them, whose columns are fields of what is sent."""
        found: dict[str, list[str]] = defaultdict(list)
        for node in self.edges:
            found[node.table] += [node.name] if node.name is not None else []
        return {table: tuple(names) for table, names in found.items()}

    @cached_property
    def _dependents(self) -> Mapping[Node, list[Edge]]:
        found: dict[Node, list[Edge]] = defaultdict(list)
        for node, edges in self.edges.items():
            for edge in edges:
                found[edge.source].append(Edge(node, edge.way, edge.is_masked))
        return found

    def before(self, node: Node) -> Iterator[Edge]:
        """What a column depends on, one step back; indirectly on what decides which rows its table has."""
        yield from self.edges.get(node, ())
        if node.name is not None:
            yield Edge(Node(node.table, None), Way.ROWS)

    def after(self, node: Node) -> Iterator[Edge]:
        """What depends on a column, one step on; each edge names what depends."""
        yield from self._dependents.get(node, ())
        if node.name is None:
            yield from (Edge(Node(node.table, name), Way.ROWS) for name in self.tables.get(node.table, ()))

    def levels(self, node: Node) -> frozenset[Sensitivity]:
        """How sensitive a column is: what contracts say of all columns whose values it shows."""
        return self._levels.setdefault(node, self._inherited(node))

    @cached_property
    def _levels(self) -> dict[Node, frozenset[Sensitivity]]:
        return {}

    def _inherited(self, node: Node) -> frozenset[Sensitivity]:
        if node in self._levels:
            return self._levels[node]
        if node in self.stated:
            return self.stated[node]
        shown = (edge.source for edge in self.edges.get(node, ()) if edge.way.is_direct and not edge.is_masked)
        return frozenset().union(*(self.levels(source) for source in shown))

    def as_json(self) -> str:
        """The graph as `of_json` takes it."""
        tables: dict[str, dict[str, list[Any]]] = defaultdict(dict)
        for node, edges in self.edges.items():
            ordered = sorted(edges, key=lambda edge: str(edge.source))
            tables[node.table][node.name or ""] = [[*each.source, each.way.value, each.is_masked] for each in ordered]
        return json.dumps(
            {
                "tables": tables,
                "stated": [[*node, sorted(levels)] for node, levels in self.stated.items()],
                "disclosures": {table: [each.purpose, each.columns] for table, each in self.disclosures.items()},
            },
            ensure_ascii=False,
        )

    @classmethod
    def of_json(cls, text: str) -> "Graph":
        """A graph that was kept."""
        read = json.loads(text)
        return cls(
            {
                Node(table, name or None): frozenset(Edge(Node(t, n), Way(way), masked) for t, n, way, masked in edges)
                for table, columns in read["tables"].items()
                for name, edges in columns.items()
            },
            {Node(table, name): frozenset(map(Sensitivity, levels)) for table, name, levels in read["stated"]},
            {table: Disclosure(purpose, tuple(columns)) for table, (purpose, columns) in read["disclosures"].items()},
        )


class Reached(NamedTuple):
    """A column that a walk has come to."""

    node: Node
    way: Way
    """Of all steps from where the walk began: indirect once one of them is."""
    is_masked: bool
    by: Node
    """The step before."""
    steps: int


def reached(graph: Graph, start: Iterable[Node], down: bool) -> dict[Node, Reached]:
    """All that columns come from, or where they go: by direct steps where there is such a way, nearest first.

    Args:
        graph: the lineage.
        start: columns, or the rows of tables.
        down: where they go, instead of where they come from.
    """
    steps = graph.after if down else graph.before
    first = [Reached(node, Way.IDENTITY, False, node, 0) for node in start]
    direct = _walk(first, lambda node: (edge for edge in steps(node) if edge.way.is_direct), {})
    return _walk(list(direct.values()), steps, direct)


def _walk(
    start: list[Reached], steps: Callable[[Node], Iterable[Edge]], known: Mapping[Node, Reached]
) -> dict[Node, Reached]:
    found, waiting = dict(known) or {each.node: each for each in start}, deque(start)
    while waiting:
        here = waiting.popleft()
        for edge in steps(here.node):
            if edge.source not in found:
                # By way of the rows of a table it is that which decides about them.
                way = edge.way if here.way is Way.ROWS and not edge.way.is_direct else further(here.way, edge.way)
                is_masked = way.is_direct and (here.is_masked or edge.is_masked)
                found[edge.source] = Reached(edge.source, way, is_masked, here.node, here.steps + 1)
                waiting.append(found[edge.source])
    return found
