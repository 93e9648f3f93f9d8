"""What an expression of Spark SQL depends on, by its parse tree."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Protocol

from sqlglot import exp

from spark_jobs.lineage.values import Edge, Value, Way, merged


class Scope(Protocol):
    """What names mean where an expression stands."""

    def column(self, names: Sequence[str]) -> Value:
        """What a dotted name is; fields of structs are names like others."""

    def variable(self, name: str) -> Value:
        """A variable of a lambda function; nothing where it is none."""

    def rows(self) -> Value:
        """The rows that are looked at, for what counts them."""

    def subquery(self, query: exp.Expr) -> Value:
        """The one column of a query within the expression, and what decides which rows it has."""

    def window(self, name: str) -> exp.Expr:
        """A window that the query has named."""

    def within(self, variables: dict[str, Value]) -> "Scope":
        """The same with the variables of a lambda function."""


Follow = Callable[[Any, Scope], Value]

_COUNTS = (exp.Count, exp.CountIf, exp.LogicalOr, exp.LogicalAnd, exp.ApproxDistinct)
"""Of the values that they look at they tell how many there are, or whether there is one."""
_CONDITIONS = (exp.Predicate, exp.Connector, exp.Not)
_KEEPS_STRUCT = (
    exp.Max, exp.Min, exp.AnyValue, exp.First, exp.Last, exp.FirstValue, exp.LastValue, exp.Lag, exp.Lead,
    exp.ArrayAgg, exp.ArrayUniqueAgg, exp.Array, exp.ArraySort, exp.Coalesce, exp.Bracket,
    exp.Explode, exp.ExplodeOuter, exp.IgnoreNulls, exp.Distinct,
)  # fmt: skip
"""Functions whose result is a value that they were given, or a list of such."""
_SAME = (exp.Paren, exp.Alias, exp.Aliases, exp.IgnoreNulls, exp.Distinct)


def follow(expression: exp.Expr, scope: Scope) -> Value:
    """What the value of an expression depends on.

    Raises:
        LookupError: a name that is no column of what the query reads.
    """
    for kind, way in _FOLLOWED:
        if isinstance(expression, kind):
            return way(expression, scope)
    return _function(expression, scope)


def follow_all(expressions: Iterable[exp.Expr | None], scope: Scope) -> Value:
    """What several expressions depend on together."""
    return merged(follow(each, scope) for each in expressions if each is not None)


def several(generator: exp.Expr, count: int, scope: Scope) -> list[Value]:
    """The columns that a function gives which makes rows: `stack`, `explode` and their like."""
    if isinstance(generator, exp.Stack):
        values = [follow(each, scope) for each in generator.expressions]
        return [merged(values[place::count]) for place in range(count)]
    value = follow(generator, scope)
    if isinstance(generator, exp.Inline) and len(value.fields) == count:
        return list(value.fields.values())
    if isinstance(generator, exp.Posexplode | exp.PosexplodeOuter):
        return [value.flat().then(Way.TRANSFORMATION, is_masked=True), *[value] * (count - 1)]
    return [value] * count


def _function(expression: exp.Expr, scope: Scope) -> Value:
    value = follow_all(expression.iter_expressions(), scope)
    if isinstance(expression, _SAME):
        return value
    way = Way.AGGREGATION if isinstance(expression, exp.AggFunc) else Way.TRANSFORMATION
    done = value.then(way, is_masked=isinstance(expression, (*_COUNTS, *_CONDITIONS)))
    return done if isinstance(expression, _KEEPS_STRUCT) else done.flat()


def _column(expression: exp.Column, scope: Scope) -> Value:
    return scope.column([part.name.lower() for part in expression.parts])


def _variable(expression: exp.Identifier, scope: Scope) -> Value:
    # Columns are not plain identifiers: others are names that something is given, and words such as a unit of time.
    return scope.variable(expression.name.lower())


def _field(expression: exp.Dot, scope: Scope) -> Value:
    return follow(expression.this, scope).at([expression.expression.name.lower()])


def _struct(expression: exp.Struct, scope: Scope) -> Value:
    fields = {}
    for place, each in enumerate(expression.expressions, start=1):
        is_named = isinstance(each, exp.PropertyEQ)
        name = each.this.name if is_named else each.alias_or_name or f"col{place}"
        fields[name.lower()] = follow(each.expression if is_named else each, scope)
    return Value(merged(fields.values()).edges, fields)


def _count(expression: exp.Count, scope: Scope) -> Value:
    is_of_rows = isinstance(expression.this, exp.Star)
    counted = Value() if is_of_rows else follow_all(expression.iter_expressions(), scope)
    if counted.edges:
        return counted.flat().then(Way.AGGREGATION, is_masked=True)
    return Value(frozenset(Edge(edge.source, Way.AGGREGATION) for edge in scope.rows().edges))


def _case(expression: exp.Case, scope: Scope) -> Value:
    branches = expression.args.get("ifs") or []
    compared = [expression.this, *(each.this for each in branches)]
    shown = [*(each.args.get("true") for each in branches), expression.args.get("default")]
    return _chosen(shown, compared, scope)


def _if(expression: exp.If, scope: Scope) -> Value:
    return _chosen([expression.args.get("true"), expression.args.get("false")], [expression.this], scope)


def _nullif(expression: exp.Nullif, scope: Scope) -> Value:
    return _chosen([expression.this], [expression.this, expression.expression], scope)


def _chosen(shown: list[Any], compared: list[Any], scope: Scope) -> Value:
    value = follow_all(shown, scope).then(Way.TRANSFORMATION)
    return merged([value, follow_all(compared, scope).flat().then(Way.CONDITIONAL)])


def _greatest_by(expression: exp.ArgMax | exp.ArgMin, scope: Scope) -> Value:
    value = follow(expression.this, scope).then(Way.AGGREGATION)
    return merged([value, follow(expression.expression, scope).flat().then(Way.SORT)])


def _window(expression: exp.Window, scope: Scope) -> Value:
    named = expression.args.get("alias")
    over = scope.window(named.name) if named is not None else expression
    value = follow(expression.this, scope)
    order = over.args.get("order")
    about = follow_all([*(over.args.get("partition_by") or []), *([order] if order else [])], scope)
    return merged([value, about.flat().then(Way.WINDOW)])


def _filtered(expression: exp.Filter, scope: Scope) -> Value:
    condition = follow(expression.expression.this, scope).flat().then(Way.CONDITIONAL)
    return merged([follow(expression.this, scope), condition])


def _filtered_array(expression: exp.ArrayFilter, scope: Scope) -> Value:
    array = follow(expression.this, scope)
    condition = _lambda(expression.expression, array, scope).flat().then(Way.CONDITIONAL)
    return merged([array.then(Way.TRANSFORMATION), condition])


def _changed_array(expression: exp.Transform, scope: Scope) -> Value:
    return _lambda(expression.expression, follow(expression.this, scope), scope).then(Way.TRANSFORMATION)


def _lambda(function: exp.Lambda, array: Value, scope: Scope) -> Value:
    first, *others = [each.name.lower() for each in function.expressions]
    return follow(function.this, scope.within({first: array} | dict.fromkeys(others, Value())))


def _fold(expression: exp.Expr, scope: Scope) -> Value:
    """A function with a lambda of which only the array is known: what it gives depends on all of it."""
    lambdas = [each for each in expression.iter_expressions() if isinstance(each, exp.Lambda)]
    given = follow_all((each for each in expression.iter_expressions() if each not in lambdas), scope)
    variables = {variable.name.lower(): given for each in lambdas for variable in each.expressions}
    inner = scope.within(variables)
    return merged([given, *(follow(each.this, inner) for each in lambdas)]).flat().then(Way.TRANSFORMATION)


def _subquery(expression: exp.Subquery | exp.Select, scope: Scope) -> Value:
    return scope.subquery(expression.unnest() if isinstance(expression, exp.Subquery) else expression)


def _in(expression: exp.In, scope: Scope) -> Value:
    query = expression.args.get("query")
    looked_up = scope.subquery(query.unnest()) if query is not None else Value()
    rest = follow_all([expression.this, *expression.expressions], scope)
    return merged([rest, looked_up]).flat().then(Way.TRANSFORMATION, is_masked=True)


def _exists(expression: exp.Exists, scope: Scope) -> Value:
    if isinstance(expression.expression, exp.Lambda):
        return _fold(expression, scope).then(Way.TRANSFORMATION, is_masked=True)
    return scope.subquery(expression.this.unnest()).flat().then(Way.TRANSFORMATION, is_masked=True)


def _cannot(expression: exp.Expr, scope: Scope) -> Value:
    raise LookupError(f"`*` where one value is wanted, within {scope.__class__.__name__.lower()}")


_FOLLOWED: tuple[tuple[type | tuple[type, ...], Follow], ...] = (
    (exp.Column, _column),
    (exp.Identifier, _variable),
    ((exp.DataType, exp.Literal, exp.Null, exp.Boolean, exp.Var, exp.Interval), lambda _e, _s: Value()),
    (exp.Dot, _field),
    (exp.Struct, _struct),
    (exp.Count, _count),
    (exp.Case, _case),
    (exp.If, _if),
    (exp.Nullif, _nullif),
    ((exp.ArgMax, exp.ArgMin), _greatest_by),
    (exp.Window, _window),
    (exp.Filter, _filtered),
    (exp.ArrayFilter, _filtered_array),
    (exp.Transform, _changed_array),
    ((exp.Subquery, exp.Select, exp.Union), _subquery),
    (exp.In, _in),
    (exp.Exists, _exists),
    ((exp.Reduce, exp.ArrayAny, exp.ArrayAll), _fold),
    (exp.Star, _cannot),
)
"""Kinds of expression that are no plain function of their parts, and how each is followed; the first that fits."""
