"""Draw the lineage of compiled models, and say which cannot be followed."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import sqlglot
from sqlglot.errors import SqlglotError

from spark_jobs.lineage.models import Compiled, Model, table_named
from spark_jobs.lineage.selects import Relation, relation_of
from spark_jobs.lineage.values import Edge, Node, strongest

Edges = dict[Node, frozenset[Edge]]


def draw(compiled: Compiled, before: Iterable[tuple[Node, frozenset[Edge]]]) -> tuple[Edges, list[str]]:
    """Add the columns of all models to those of what they read.

    Args:
        compiled: the models, those that are read first.
        before: the lineage of silver and of who is who.

    Returns:
        What each column depends on, and a line for each model that cannot be parsed or followed, and for each
        column of base and marts that depends on nothing.
    """
    edges, faults, columns = dict(before), list[str](), dict(compiled.sources)
    for table, names in compiled.sources.items():
        edges |= {node: frozenset() for node in _nodes(table, names) if node not in edges}
    for model in compiled.models:
        try:
            found = _edges(model.table, _relation(model, columns))
        except LookupError as error:
            faults.append(f"{model.table} cannot be followed: {error.args[0]}")
            found = {node: frozenset() for node in _nodes(model.table, model.columns)}
        else:
            faults += _unexplained(model, found)
        edges |= found
        columns[model.table] = tuple(node.name for node in found if node.name is not None)
    return edges, faults


def _relation(model: Model, columns: Mapping[str, Sequence[str]]) -> Relation:
    def known(name: str) -> tuple[str, Sequence[str]]:
        table = table_named(name)
        if table not in columns:
            raise LookupError(f"{table} is neither a model nor a source")
        return table, columns[table]

    try:
        return relation_of(sqlglot.parse_one(model.sql, dialect="spark"), known)
    except SqlglotError as error:
        raise LookupError(f"its SQL cannot be parsed: {str(error).splitlines()[0]}") from error


def _edges(table: str, relation: Relation) -> Edges:
    columns = {Node(table, name): strongest(value.edges) for name, value in relation.columns.items()}
    return {Node(table, None): _rows(relation.rows.edges), **columns}


def _rows(edges: Iterable[Edge]) -> frozenset[Edge]:
    """Of the rows of a table: the tables that they are made of, and the columns that decide."""
    several = list(edges)
    of_tables = [edge for edge in several if edge.source.name is None]
    return frozenset(of_tables) | strongest(edge for edge in several if edge.source.name is not None)


def _nodes(table: str, names: Iterable[str]) -> Iterator[Node]:
    yield Node(table, None)
    yield from (Node(table, name) for name in names)


def _unexplained(model: Model, found: Edges) -> Iterator[str]:
    for node, edges in found.items():
        if model.is_built and node.name is not None and not edges:
            yield f"{node} comes from nowhere: neither a column nor the rows of a table are behind it"
