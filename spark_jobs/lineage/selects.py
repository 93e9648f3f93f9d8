"""What each column of a query depends on, and what decides which rows it has."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import zip_longest

from sqlglot import exp

from spark_jobs.lineage.expressions import follow, follow_all, several
from spark_jobs.lineage.values import Edge, Node, Value, Way, merged, value_of

Tables = Callable[[str], tuple[str, Sequence[str]]]
"""A name as it stands in SQL -> the table that it is, and its columns. It raises LookupError for an unknown one."""


@dataclass(frozen=True)
class Relation:
    """Rows that a query reads or gives: its columns, and what decides which rows there are."""

    columns: Mapping[str, Value]
    rows: Value
    """The tables whose rows these are, and the columns by which they are joined, filtered, grouped and sorted."""

    def made_of(self) -> Value:
        """The tables alone."""
        return Value(frozenset(edge for edge in self.rows.edges if edge.source.name is None))


def relation_of(query: exp.Expr, tables: Tables) -> Relation:
    """A query's columns in order.

    Raises:
        LookupError: a table or a column that is not known, or a form of SQL that is not followed.
    """
    return _Reader(tables, {}).query(query)


@dataclass(frozen=True)
class _Reader:
    tables: Tables
    named: Mapping[str, Relation]
    """Common table expressions that can be seen here."""
    outer: "_Scope | None" = None

    def query(self, query: exp.Expr) -> Relation:
        reader = self
        for each in query.args["with_"].expressions if query.args.get("with_") else ():
            if each.alias not in reader.named and not each.alias.startswith("__dbt__cte__"):
                reader = replace(reader, named={**reader.named, each.alias: reader.query(each.this)})
        if isinstance(query, exp.Subquery):
            return reader.query(query.this)
        if isinstance(query, exp.Union):
            return reader.union(query)
        if isinstance(query, exp.Select):
            return reader.select(query)
        raise LookupError(f"a {type(query).__name__.lower()} is not followed: write it as a select")

    def union(self, query: exp.Union) -> Relation:
        left, right = self.query(query.this), self.query(query.expression)
        pairs = zip_longest(left.columns.items(), right.columns.values())
        if len(left.columns) != len(right.columns):
            raise LookupError("a union of queries with different numbers of columns")
        columns = {name: merged([value, other]) for (name, value), other in pairs}
        return Relation(columns, merged([left.rows, right.rows]))

    def select(self, query: exp.Select) -> Relation:
        scope = self.scope(query)
        for each in query.expressions:
            for name, value in self.projection(each, scope).items():
                # In the later parts of a union columns have no name of their own, or the same one twice.
                is_new = name and name not in scope.projected
                scope.projected[name if is_new else f"{name}#{len(scope.projected)}"] = value
        rows = [scope.rows(), *scope.joined, *_deciding(query, scope)]
        if query.args.get("distinct"):
            rows += [value.flat().then(Way.GROUP_BY) for value in scope.projected.values()]
        made_of = Value(frozenset(Edge(edge.source, Way.ROWS) for edge in scope.rows().edges))
        columns = {name: value if value.edges else made_of for name, value in scope.projected.items()}
        return Relation(columns, merged(rows))

    def projection(self, each: exp.Expr, scope: "_Scope") -> dict[str, Value]:
        if isinstance(each, exp.Star) or (isinstance(each, exp.Column) and isinstance(each.this, exp.Star)):
            table = each.table if isinstance(each, exp.Column) else None
            return scope.star(table)
        if isinstance(each, exp.Aliases):
            names = [identifier.name.lower() for identifier in each.expressions]
            return dict(zip(names, several(each.this, len(names), scope), strict=True))
        return {each.alias_or_name.lower(): follow(each, scope)}

    def scope(self, query: exp.Select) -> "_Scope":
        scope = _Scope(self, windows={each.name: each for each in query.args.get("windows") or ()}, outer=self.outer)
        for source in [query.args["from_"].this] if query.args.get("from_") else []:
            scope.add(source.alias_or_name, self.source(source))
        # Spark lets a lateral view come before a join, and sqlglot keeps the two apart: conditions are read last.
        joins = query.args.get("joins") or []
        for join in joins:
            scope.add(join.this.alias_or_name, self.source(join.this), is_seen=join.kind not in {"SEMI", "ANTI"})
        for lateral in query.args.get("laterals") or ():
            scope.add_lateral(lateral)
        for join in joins:
            using = [exp.column(name.name) for name in join.args.get("using") or ()]
            scope.joined.append(follow_all([join.args.get("on"), *using], scope).flat().then(Way.JOIN))
        return scope

    def source(self, source: exp.Expr) -> Relation:
        if isinstance(source, exp.Subquery):
            found = self.query(source)
            names = [each.name.lower() for each in source.args["alias"].columns] if source.args.get("alias") else []
            return replace(found, columns=dict(zip(names, found.columns.values(), strict=True))) if names else found
        if not isinstance(source, exp.Table):
            raise LookupError(f"reading from a {type(source).__name__.lower()} is not followed")
        name = ".".join(part.name for part in source.parts)
        if name in self.named:
            return self.named[name]
        table, columns = self.tables(name)
        rows = Value(frozenset({Edge(Node(table, None), Way.ROWS)}))
        return Relation({column: value_of(Node(table, column)) for column in columns}, rows)


def _deciding(query: exp.Select, scope: "_Scope") -> list[Value]:
    """What a query filters, groups and sorts by; places and names of its own columns are those columns."""
    found = []
    for clause, way in (("where", Way.FILTER), ("having", Way.FILTER), ("qualify", Way.FILTER)):
        if query.args.get(clause):
            found.append(follow(query.args[clause].this, scope).flat().then(way))
    for clause, way in (("group", Way.GROUP_BY), ("order", Way.SORT)):
        for each in query.args[clause].expressions if query.args.get(clause) else ():
            plain = each.this if isinstance(each, exp.Ordered) else each
            value = scope.at_place(int(plain.name)) if plain.is_int else follow(plain, scope)
            found.append(value.flat().then(way))
    return found


@dataclass
class _Scope:
    reader: _Reader
    windows: Mapping[str, exp.Expr] = field(default_factory=dict)
    outer: "_Scope | None" = None
    relations: dict[str, Relation] = field(default_factory=dict)
    unseen: set[str] = field(default_factory=set)
    """Right sides of semi and anti joins, which no `*` shows."""
    variables: dict[str, Value] = field(default_factory=dict)
    projected: dict[str, Value] = field(default_factory=dict)
    """Columns that the query gives, as far as it is read: Spark lets later ones name earlier ones."""
    joined: list[Value] = field(default_factory=list)

    def add(self, alias: str, relation: Relation, is_seen: bool = True) -> None:
        self.relations[alias.lower() or f"_{len(self.relations)}"] = relation
        if not is_seen:
            self.unseen.add(alias.lower())
        self.joined.append(Value(relation.rows.edges - relation.made_of().edges))

    def add_lateral(self, lateral: exp.Lateral) -> None:
        alias = lateral.args["alias"]
        names = [each.name.lower() for each in alias.columns]
        columns = dict(zip(names, several(lateral.this, len(names), self), strict=True))
        self.relations[alias.name.lower()] = Relation(columns, Value())

    def star(self, table: str | None) -> dict[str, Value]:
        if table is not None:
            return dict(self.relations[table.lower()].columns)
        seen = [relation for alias, relation in self.relations.items() if alias not in self.unseen]
        return {name: value for relation in seen for name, value in relation.columns.items()}

    def at_place(self, place: int) -> Value:
        return list(self.projected.values())[place - 1]

    def column(self, names: Sequence[str]) -> Value:
        found = self._found(names)
        if found is not None:
            return found
        if self.outer is not None:
            return self.outer.column(names)
        raise LookupError(f"{'.'.join(names)} is no column of what is read there")

    def _found(self, names: Sequence[str]) -> Value | None:
        first, rest = names[0], names[1:]
        if first in self.variables:
            return self.variables[first].at(rest)
        if rest and first in self.relations and rest[0] in self.relations[first].columns:
            return self.relations[first].columns[rest[0]].at(rest[1:])
        having = [each.columns[first] for each in self.relations.values() if first in each.columns]
        if having:
            return merged(having).at(rest)
        return self.projected[first].at(rest) if first in self.projected else None

    def variable(self, name: str) -> Value:
        return self.variables.get(name, Value())

    def rows(self) -> Value:
        return merged(each.made_of() for each in self.relations.values())

    def subquery(self, query: exp.Expr) -> Value:
        found = replace(self.reader, outer=self).query(query)
        decided = found.rows.then(Way.FILTER)
        by_columns = Value(frozenset(edge for edge in decided.edges if edge.source.name is not None))
        return merged([*found.columns.values(), by_columns])

    def window(self, name: str) -> exp.Expr:
        return self.windows[name]

    def within(self, variables: dict[str, Value]) -> "_Scope":
        return replace(self, variables={**self.variables, **variables})
