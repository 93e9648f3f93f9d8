"""The SQL of a figure: as a whole, over time, by county and by group, all from its one definition."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import duckdb

from expectations.theme_pages import Figure, Group
from spark_jobs.base.errors import LakeError

NEWEST = {"day": 31, "month": 24, "year": 10}
"""How many points of a trend are shown."""
_WORD = re.compile(r"\w+|\S")
"""The beginning of a token, and all of a word."""
_CLAUSES = ("select", "from", "where", "group", "having", "order", "limit")
_TOGETHER = ("union", "intersect", "except", "with")


@dataclass(frozen=True)
class Definition:
    """What a figure counts, and of which rows.

    Args:
        figure: an aggregate in SQL.
        source: what stands behind FROM.
        where: the condition on its rows.
        beside: aggregates that tell how many a ratio is of, by name.
    """

    figure: str
    source: str
    where: str | None = None
    beside: tuple[tuple[str, str], ...] = ()

    def by(self, key: str | None = None, newest: int | None = None) -> str:
        """The query of the figure, of all rows or for each value of a key, of the newest values alone."""
        columns = [*((f"{key} as key",) if key else ()), f"{self.figure} as figure"]
        columns += [f"{text} as {name}" for name, text in self.beside]
        lines = ["select", ",\n".join(f"  {column}" for column in columns), f"from {self.source}"]
        lines += [f"where {self.where}"] if self.where else []
        lines += ["group by 1"] if key else []
        if newest:
            lines += ["order by 1 desc", f"limit {newest}"]
        return "\n".join(lines)


def definition_of(figure: Figure) -> Definition:
    """The definition of a figure, from its measure or out of its question's query.

    Raises:
        LakeError: the question's query is more than one aggregate of one source.
    """
    measure = figure.measure
    if measure is None:
        return _of_query(figure.name, _asked(figure))
    if measure.per is None:
        return Definition(measure.value, measure.table, measure.where)
    quotient = f"1.0 * ({measure.value}) / nullif({measure.per}, 0)"
    beside = (("part", measure.value), ("whole", measure.per))
    return Definition(quotient, measure.table, measure.where, beside)


def has_definition(figure: Figure) -> bool:
    """Whether it can be asked by any key; else only as its question stands."""
    return figure.measure is not None or _clauses(_asked(figure)) is not None


def query_of(figure: Figure, group: Group) -> str:
    """The query of a figure by a group; without a column of its own it is the question's as it stands."""
    return definition_of(figure).by(group.by) if group.by else _asked(figure)


def key_columns(figure: Figure, group: Group) -> frozenset[str]:
    """The columns that a group is by; what is reckoned from columns is none."""
    if group.by:
        return _columns_selected(f"select {group.by}")
    clauses = _clauses(_asked(figure))
    if clauses is None:
        return frozenset()
    return _columns_selected(f"select {clauses['select'].removesuffix(_last_item(clauses['select']))} 0")


def queries_of(figure: Figure) -> Iterator[str]:
    """Every query that a figure needs."""
    if figure.has_total:
        yield definition_of(figure).by()
    if figure.trend:
        yield definition_of(figure).by(figure.trend.by, NEWEST[figure.trend.grain])
    if figure.county:
        yield definition_of(figure).by(figure.county)
    for group in figure.groups:
        yield query_of(figure, group)


def _asked(figure: Figure) -> str:
    if figure.asked is None:
        raise LakeError(f"{figure.name} has no question", "give the group a column: by")
    return figure.asked.query.strip()


@cache
def _of_query(name: str, query: str) -> Definition:
    clauses = _clauses(query)
    if clauses is None or "from" not in clauses:
        raise LakeError(
            f"the query of {name} cannot be asked by another key: it is no single SELECT",
            "let the page show it as it is: has_total: false, and a group without `by`",
        )
    figure = _last_item(clauses["select"])
    return Definition(figure, clauses["from"], clauses.get("where"))


def _tokens(query: str) -> Iterator[tuple[int, str, int]]:
    """Each token with its place and the brackets that it stands in; comments and blanks are none."""
    depth = 0
    for place, _ in duckdb.tokenize(query):
        text = _word_at(query, place)
        depth -= text.startswith(")")
        yield place, text, depth
        depth += text.startswith("(")


def _word_at(query: str, place: int) -> str:
    found = _WORD.match(query, place)
    return found[0].lower() if found else ""


@cache
def _clauses(query: str) -> dict[str, str] | None:
    """The clauses of a single SELECT by their first words; None of any other query."""
    outer = [(place, text) for place, text, depth in _tokens(query) if depth == 0]
    if any(text in _TOGETHER for _, text in outer):
        return None
    starts = [(place, text) for place, text in outer if text in _CLAUSES]
    ends = [*(place for place, _ in starts[1:]), len(query)]
    found = {text: query[place + len(text) : end].strip() for (place, text), end in zip(starts, ends, strict=True)}
    return found if len(found) == len(starts) and "select" in found else None


def _last_item(items: str) -> str:
    commas = [place for place, text, depth in _tokens(items) if depth == 0 and text == ","]
    return items[commas[-1] + 1 if commas else 0 :].strip()


@dataclass(frozen=True)
class Named:
    """What a query names.

    Args:
        tables: `layer.table`.
        columns: names of columns, whatever table they are of.
    """

    tables: frozenset[str]
    columns: frozenset[str]


@cache
def named_in(query: str) -> Named:
    """The tables and columns that a query names, as DuckDB's parser reads it."""
    nodes = list(_nodes(_parsed(query)))
    tables = {f"{node['schema_name']}.{node['table_name']}" for node in nodes if node.get("type") == "BASE_TABLE"}
    columns = {node["column_names"][-1] for node in nodes if node.get("class") == "COLUMN_REF"}
    return Named(frozenset(tables), frozenset(columns))


def _columns_selected(query: str) -> frozenset[str]:
    items = _parsed(query)["statements"][0]["node"]["select_list"]
    return frozenset(item["column_names"][-1] for item in items if item["class"] == "COLUMN_REF")


def _parsed(query: str) -> dict[str, Any]:
    (text,) = _parser().execute("select json_serialize_sql(?)", [query]).fetchone() or ("{}",)
    found: dict[str, Any] = json.loads(text)
    return found


@cache
def _parser() -> duckdb.DuckDBPyConnection:
    """Of queries as text: it holds no table."""
    return duckdb.connect(config={"threads": "1", "enable_external_access": "false"})


def _nodes(tree: Any) -> Iterator[dict[str, Any]]:
    if isinstance(tree, dict):
        yield tree
        tree = list(tree.values())
    if isinstance(tree, list):
        for each in tree:
            yield from _nodes(each)
