"""Levels that depend on which record of a pair comes first: which it is, follows from the order of hashes alone."""

from collections.abc import Iterator, Mapping

import numpy as np
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from expectations.entity_spec import EntitySpec
from spark_jobs.entities.learn.estimation import unpack
from spark_jobs.entities.match.comparison import packed
from spark_jobs.entities.match.scoring import compared

LOOKED_AT = 1000
"""About so many pairs are compared the other way round."""


def is_said_by_side(spec: EntitySpec) -> bool:
    """Some level or condition names sides itself, so that it may mean one of them."""
    return any(
        each.unless is not None or any(level.sql is not None for level in each.levels)
        for each in spec.matching.comparisons
    )


def one_sided(pairs: DataFrame, total: int, profiles: DataFrame, spec: EntitySpec) -> dict[str, tuple[int, int]]:
    """By comparison, how many pairs have another level the other way round, and of how many; none where none has.

    Args:
        pairs: `a`, `b`, `vector` of compared pairs.
        total: how many they are.
        profiles: prepared ones.
        spec: the kind of entity.
    """
    one_in = max(total // LOOKED_AT, 1)
    some = pairs.where(F.pmod(F.xxhash64("a", "b"), F.lit(one_in)) == 0).select("a", "b", "vector")
    turned = some.select(F.col("b").alias("a"), F.col("a").alias("b"), F.lit(0).alias("rules"))
    again = compared(turned, profiles, spec).select(
        F.col("b").alias("a"), F.col("a").alias("b"), packed(spec).alias("again")
    )
    rows = some.join(again, on=["a", "b"]).select("vector", "again").toArrow()
    count, each_once = len(spec.matching.comparisons), np.ones(rows.num_rows)
    then, now = (unpack(rows.column(name).to_numpy(), each_once, count).levels for name in ("vector", "again"))
    differing = (then != now).sum(axis=0).tolist()
    named = zip(spec.matching.comparisons, differing, strict=True)
    return {comparison.name: (other, rows.num_rows) for comparison, other in named if other}


def lopsided(found: Mapping[str, tuple[int, int]]) -> Iterator[str]:
    """What to mend, by what `one_sided` found."""
    for name, (other, looked_at) in found.items():
        yield (
            f"comparison {name} depends on which record comes first: the other way round {other:,} of {looked_at:,} "
            "pairs have another level; say each `sql` of it for both sides, such as (x_l = y_r or y_l = x_r)"
        )
