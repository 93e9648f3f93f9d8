"""What a value depends on, and how: the ways are those of OpenLineage's column lineage facet (1-2-0), and one more."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import NamedTuple


class Node(NamedTuple):
    """A column of a table, or of a feed's files; the name is None for the rows of the table as such.

    A table is `layer.table`, or `agency/feed` where its columns are the fields of what the department sends.
    """

    table: str
    name: str | None

    def __str__(self) -> str:
        """As commands take it; the rows of a table are its name alone."""
        return self.table if self.name is None else f"{self.table}.{self.name}"


class Way(StrEnum):
    """How a value comes of another one; the order is from what shows it to what only depends on it."""

    IDENTITY = "identity"
    TRANSFORMATION = "transformation"
    AGGREGATION = "aggregation"
    CONDITIONAL = "conditional"
    WINDOW = "window"
    SORT = "sort"
    JOIN = "join"
    GROUP_BY = "group_by"
    FILTER = "filter"
    ROWS = "rows"
    """It is there because rows are: a constant, and which rows there are at all. OpenLineage has no word for it."""

    @property
    def is_direct(self) -> bool:
        """The value is made of the other one; indirect where it only depends on it."""
        return self in _DIRECT


_DIRECT = {Way.IDENTITY, Way.TRANSFORMATION, Way.AGGREGATION}
_ORDER = {way: number for number, way in enumerate(Way)}


class Edge(NamedTuple):
    """Something that a value depends on."""

    source: Node
    way: Way
    is_masked: bool = False
    """Of a direct one: that there is a value, how many, or whether it meets a condition comes through, no value."""

    def then(self, way: Way, is_masked: bool = False) -> "Edge":
        """The same after one more step."""
        both = further(self.way, way)
        return Edge(self.source, both, both.is_direct and (self.is_masked or is_masked))


def further(first: Way, second: Way) -> Way:
    """The way of two steps, one after the other: indirect once one of them is."""
    if first.is_direct and second.is_direct:
        return max(first, second, key=_ORDER.__getitem__)
    return second if first.is_direct else first


@dataclass(frozen=True)
class Value:
    """What an expression depends on; of a struct also what each of its fields does."""

    edges: frozenset[Edge] = frozenset()
    fields: Mapping[str, "Value"] = field(default_factory=dict)

    def then(self, way: Way, is_masked: bool = False) -> "Value":
        """The same after one more step, a struct still being one."""
        fields = {name: value.then(way, is_masked) for name, value in self.fields.items()}
        return Value(frozenset(edge.then(way, is_masked) for edge in self.edges), fields)

    def at(self, names: Iterable[str]) -> "Value":
        """A field of a struct, by its path; the whole where nothing is known of its fields."""
        found = self
        for name in names:
            found = found.fields.get(name) or Value(found.edges).then(Way.TRANSFORMATION)
        return found

    def flat(self) -> "Value":
        """Without its fields: a function has made something else of them."""
        return replace(self, fields={})


def value_of(node: Node) -> Value:
    """What a column of a table is to those who read it."""
    return Value(frozenset({Edge(node, Way.IDENTITY)}))


def merged(values: Iterable[Value]) -> Value:
    """What depends on all of these; fields of structs by name."""
    several = [each for each in values if each.edges or each.fields]
    names = dict.fromkeys(name for each in several for name in each.fields)
    fields = {name: merged(each.at([name]) for each in several) for name in names}
    return Value(frozenset().union(*(each.edges for each in several)), fields)


def strongest(edges: Iterable[Edge]) -> frozenset[Edge]:
    """One edge a source: the one that shows most of it. A constant beside others adds nothing."""
    best: dict[Node, Edge] = {}
    for edge in sorted(edges, key=lambda each: (_ORDER[each.way], each.is_masked)):
        best.setdefault(edge.source, edge)
    of_columns = [edge for edge in best.values() if edge.way is not Way.ROWS]
    return frozenset(of_columns or best.values())
