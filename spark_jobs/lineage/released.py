"""The lineage of what is made beside dbt: the tokens of persons before it, and after it what is released of marts.

`marts` has of a mart that counts persons what may be shown, made of the mart itself in `restricted`.
"""

from collections.abc import Iterator

from expectations.protection import CELL, IS_SUPPRESSED, Cells, load_protections
from spark_jobs.lineage.values import Edge, Node, Way

TOKENS = "restricted.person_token"


def of_tokens() -> Iterator[tuple[Node, frozenset[Edge]]]:
    """Each column of the tokens: a token shows nothing of the id that it is of, but depends on it."""
    person = Node("entities.person", "person_id")
    rows = frozenset({Edge(Node(person.table, None), Way.ROWS)})
    yield Node(TOKENS, None), rows
    yield Node(TOKENS, "person_id"), frozenset({Edge(person, Way.IDENTITY)})
    yield Node(TOKENS, "token"), frozenset({Edge(person, Way.TRANSFORMATION, is_masked=True)})
    yield from ((Node(TOKENS, name), rows) for name in ("purpose", "key_mark"))


def of_releases() -> Iterator[tuple[Node, frozenset[Edge]]]:
    """Each column of each released table, and what it depends on."""
    for name, protection in load_protections().items():
        if isinstance(protection, Cells):
            yield from _of(f"restricted.{name}", f"marts.{name}", protection)


def _of(exact: str, table: str, cells: Cells) -> Iterator[tuple[Node, frozenset[Edge]]]:
    persons = Edge(Node(exact, cells.persons), Way.CONDITIONAL)
    yield Node(table, None), frozenset({Edge(Node(exact, None), Way.ROWS)})
    yield Node(table, CELL), frozenset({persons, *(Edge(Node(exact, name), Way.TRANSFORMATION) for name in cells.by)})
    for name in cells.by:
        yield Node(table, name), _without_twice(Edge(Node(exact, name), Way.IDENTITY), persons)
    yield Node(table, IS_SUPPRESSED), frozenset({persons})
    by = [Edge(Node(exact, name), Way.GROUP_BY) for name in cells.by]
    for name in (*cells.counts, *cells.sums):
        yield Node(table, name), _without_twice(Edge(Node(exact, name), Way.AGGREGATION), persons, *by)


def _without_twice(first: Edge, *others: Edge) -> frozenset[Edge]:
    """A source once, by what shows most of it, which comes first."""
    best: dict[Node, Edge] = {}
    for edge in (first, *others):
        best.setdefault(edge.source, edge)
    return frozenset(best.values())
