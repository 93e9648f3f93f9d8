"""Comparison: how far two profiles agree on each thing, as one level per comparison."""

from collections.abc import Callable

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql.types import DataType, DateType, StringType, TimestampType

from expectations.entity_spec import EntitySpec
from expectations.levels import Level
from expectations.matching import Comparison
from spark_jobs.entities.keys.number_relation import Relation, number_relation
from spark_jobs.entities.keys.sql import expression, without_try_to_date
from spark_jobs.entities.match.packing import LEVEL_BITS

Types = dict[str, DataType]
_CLOSE = 1e-9
"""A share that is met exactly must not fail by the last bit of a double."""
_EDITED = {"distance", "rearranged"}
_COMMON = {"jaccard", "overlap"}


def frequency_name(column: str) -> str:
    """Profile column with the log2 share of another column's value, or with the rarities of an array's elements."""
    return f"{column}_frequency"


def level_column(comparison: Comparison) -> str:
    """Name of the column that holds a comparison's level."""
    return f"level_{comparison.name}"


def with_levels(pairs: DataFrame, spec: EntitySpec, types: Types) -> DataFrame:
    """Add the level of each comparison: -1 nothing to compare, 0 none holds, up to the number of levels.

    Args:
        pairs: columns of both profiles, with suffixes `_l` and `_r`.
        spec: the kind of entity.
        types: profile column -> its type.
    """
    comparisons = spec.matching.comparisons
    measures = {name: column for c in comparisons for name, column in _measures(c).items()}
    measured = pairs.withColumns(measures) if measures else pairs
    return measured.withColumns({level_column(c): level(c, types) for c in comparisons})


def level(comparison: Comparison, types: Types) -> Column:
    """The level of a pair in one comparison; reads the comparison's measures."""
    found = F.when(_is_missing(comparison), F.lit(-1))
    for number, one in enumerate(comparison.levels):
        found = found.when(_CONDITIONS[one.kind](one, types), F.lit(len(comparison.levels) - number))
    return found.otherwise(F.lit(0))


def _is_missing(comparison: Comparison) -> Column:
    joint = " and " if comparison.any_of else " or "
    sides = [joint.join(f"{name}_{side} is null" for name in comparison.required) for side in "lr"]
    unless = f" or coalesce({without_try_to_date(comparison.unless)}, false)" if comparison.unless else ""
    return F.expr(f"({sides[0]}) or ({sides[1]}){unless}")


def _measures(comparison: Comparison) -> dict[str, Column]:
    """What several levels of a comparison look at, computed once: distances, common elements, relations."""
    found: dict[str, Column] = {}
    for one in comparison.levels:
        alike = [level for level in comparison.levels if _measure(level) == _measure(one)]
        if one.kind in _EDITED:
            most = max(int(level.at_most or 0) for level in alike)
            left, right = _sides(one.of[0])
            # Equal texts are the common case; beyond the threshold the distance is -1.
            found[_measure(one)] = F.when(left == right, 0).otherwise(F.levenshtein(left, right, most))
        elif one.kind == "similarity":
            found[_measure(one)] = _similarity(one.of[0], min(float(level.at_least or 0) for level in alike))
        elif one.kind in _COMMON:
            found[_measure(one)] = _common(one)
        elif one.kind == "relation":
            (written_l, written_r), (valid_l, valid_r) = _sides(one.of[0]), _sides(one.of[1])
            found[_measure(one)] = number_relation(written_l, valid_l, written_r, valid_r)
    return found


def _measure(one: Level) -> str:
    if one.kind in _EDITED:
        return f"distance_of_{one.of[0]}"
    if one.kind in _COMMON:
        return f"{'rare' if one.term_frequency else 'common'}_of_{one.of[0]}"
    return f"{one.kind}_of_{'_'.join(one.of)}"


def _similarity(column: str, least: float) -> Column:
    """1 - distance / longer length; 0 where the lengths alone say that it is below `least`."""
    left, right = _sides(column)
    short, long = F.least(F.length(left), F.length(right)), F.greatest(F.length(left), F.length(right))
    edited = 1 - F.levenshtein(left, right) / F.greatest(long, F.lit(1))
    return F.when(left == right, 1.0).when(short < long * F.lit(least - _CLOSE), 0.0).otherwise(edited)


def _common(one: Level) -> Column:
    """How many elements two arrays have in common, or how much those weigh."""
    both = F.array_intersect(*_sides(one.of[0]))
    if not one.term_frequency:
        return F.size(both)
    rarity = F.col(f"{frequency_name(one.of[0])}_l")["of"]
    return F.aggregate(
        both, F.lit(0.0), lambda total, e: total + F.coalesce(F.try_element_at(rarity, e.cast("string")), F.lit(0.0))
    )


def _amounts(one: Level) -> tuple[Column, Column]:
    """How many elements the two arrays have, or how much those weigh."""
    if one.term_frequency:
        left, right = _sides(frequency_name(one.of[0]))
        return left["total"], right["total"]
    left, right = _sides(one.of[0])
    return F.size(left), F.size(right)


def _sides(name: str) -> tuple[Column, Column]:
    return F.col(f"{name}_l"), F.col(f"{name}_r")


def _equal(one: Level, _types: Types) -> Column:
    return F.expr(" and ".join(f"{name}_l = {name}_r" for name in one.of))


def _distance(one: Level, _types: Types) -> Column:
    return F.col(_measure(one)).between(0, int(one.at_most or 0))


def _similar(one: Level, _types: Types) -> Column:
    return F.col(_measure(one)) >= F.lit(float(one.at_least or 0) - _CLOSE)


def _rearranged(one: Level, _types: Types) -> Column:
    left, right = (F.array_sort(F.split(side, "")) for side in _sides(one.of[0]))
    return F.col(_measure(one)).between(1, int(one.at_most or 0)) & (left == right)


def _jaccard(one: Level, _types: Types) -> Column:
    common, (left, right) = F.col(_measure(one)), _amounts(one)
    return (common > 0) & (common + _CLOSE >= F.lit(one.at_least) * (left + right - common))


def _overlap(one: Level, _types: Types) -> Column:
    common, (left, right) = F.col(_measure(one)), _amounts(one)
    return (common > 0) & (common + _CLOSE >= F.lit(one.at_least) * F.least(left, right))


def _prefix(one: Level, _types: Types) -> Column:
    left, right = _sides(one.of[0])
    is_long = F.least(F.length(left), F.length(right)) >= int(one.at_least or 1)
    return is_long & (F.startswith(left, right) | F.startswith(right, left))


def _crossed(one: Level, _types: Types) -> Column:
    (a_l, a_r), (b_l, b_r) = _sides(one.of[0]), _sides(one.of[1])
    return (a_l == b_r) & (b_l == a_r)


def _within(one: Level, types: Types) -> Column:
    left, right = _sides(one.of[0])
    kind = types.get(one.of[0])
    apart = F.abs(left.try_cast("double") - right.try_cast("double"))
    days = F.abs(F.datediff(left.try_cast("date"), right.try_cast("date")))
    if isinstance(kind, (DateType, TimestampType)):
        apart = days
    elif isinstance(kind, StringType):
        apart = F.coalesce(apart, days)
    return apart <= F.lit(one.at_most)


def _relative(one: Level, _types: Types) -> Column:
    left, right = (side.try_cast("double") for side in _sides(one.of[0]))
    return F.abs(left - right) <= F.lit(one.at_most) * F.greatest(F.abs(left), F.abs(right))


def _relation(one: Level, _types: Types) -> Column:
    return F.col(_measure(one)).isin(*(int(Relation[way.upper()]) for way in one.ways))


def _sql(one: Level, _types: Types) -> Column:
    return expression(f"({one.sql})")


_CONDITIONS: dict[str, Callable[[Level, Types], Column]] = {
    "equal": _equal,
    "distance": _distance,
    "similarity": _similar,
    "rearranged": _rearranged,
    "jaccard": _jaccard,
    "overlap": _overlap,
    "prefix": _prefix,
    "crossed": _crossed,
    "within": _within,
    "relative": _relative,
    "relation": _relation,
    "sql": _sql,
}


def packed(spec: EntitySpec) -> Column:
    """All levels of a pair as one long, so that equal vectors can be counted and explained later."""
    parts = [
        f"shiftleft(cast({level_column(c)} + 1 as bigint), {LEVEL_BITS * number})"
        for number, c in enumerate(spec.matching.comparisons)
    ]
    return F.expr(" | ".join(parts))


def both_sides(pairs: DataFrame, profiles: DataFrame, columns: list[str]) -> DataFrame:
    """Fetch the columns of both profiles of each pair `a`, `b`, with suffixes `_l` and `_r`."""
    left = profiles.select(F.col("profile_id").alias("a"), *(F.col(c).alias(f"{c}_l") for c in columns))
    right = profiles.select(F.col("profile_id").alias("b"), *(F.col(c).alias(f"{c}_r") for c in columns))
    return pairs.join(left, on="a", how="inner").join(right, on="b", how="inner")
