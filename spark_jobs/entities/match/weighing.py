"""The weight of a pair in Spark expressions: a model's weights by level, and by frequency where a rare value agrees."""

import math

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from expectations.entity_spec import EntitySpec
from expectations.matching import Comparison
from spark_jobs.entities.match.comparison import frequency_name, level_column
from spark_jobs.entities.match.model import Frequencies, Model


def with_frequencies(profiles: DataFrame, spec: EntitySpec, model: Model) -> DataFrame:
    """Add the log2 share of each value whose frequency counts, and the rarities of each array's elements.

    A share is null where the value is; rarities are `of`, element -> -log2 of its share, and their `total`.
    """
    found = profiles
    for column in spec.matching.frequency_columns:
        share = frequency_name(column)
        joined = _with_shares(found, F.col(column).cast("string"), model.frequencies.get(column), share)
        found = joined.withColumn(share, F.when(F.col(column).isNotNull(), F.col(share)))
    for column in spec.matching.rarity_columns:
        found = found.join(_rarities(profiles, column, model.frequencies.get(column)), on="profile_id", how="left")
    return found


def _with_shares(rows: DataFrame, value: Column, known: Frequencies | None, name: str) -> DataFrame:
    """Add the log2 share of a value; null where the model knows nothing of its column."""
    floor = F.lit(known.floor if known else None).cast("double")
    if known is None or not known.values:
        return rows.withColumn(name, floor)
    table = rows.sparkSession.createDataFrame(sorted(known.values.items()), f"_value string, {name} double")
    joined = rows.withColumn("_value", value).join(F.broadcast(table), on="_value", how="left").drop("_value")
    return joined.withColumn(name, F.coalesce(F.col(name), floor))


def _rarities(profiles: DataFrame, column: str, known: Frequencies | None) -> DataFrame:
    """`profile_id` and the rarities of its elements; every element counts 1 where the model knows nothing."""
    elements = profiles.select("profile_id", F.explode(F.array_distinct(column)).alias("element"))
    rated = _with_shares(elements, F.col("element").cast("string"), known, "share")
    # In steps of 2^-10, so that a sum does not depend on its order.
    rarity = F.greatest(F.round(F.coalesce(-F.col("share"), F.lit(1.0)) * 1024) / 1024, F.lit(1 / 1024))
    listed = F.collect_list(F.struct("element", rarity.alias("rarity")))
    return (
        rated.groupBy("profile_id")
        .agg(F.map_from_entries(listed).alias("of"), F.sum(rarity).alias("total"))
        .select("profile_id", F.struct("of", "total").alias(frequency_name(column)))
    )


def in_group(spec: EntitySpec, model: Model) -> Column:
    """The weight of a match against a related pair in bits; null where the model knows of no groups.

    How rare a value is says nothing here: related pairs share it because they are of one group.
    """
    if model.related is None:
        return F.lit(None).cast("double")
    total = F.lit(model.related)
    for comparison in spec.matching.comparisons:
        weights = model.weights_in_group(comparison)
        total = total + _by_level(comparison, [F.lit(round(weight, 6)) for weight in weights])
    return total


def weight_parts(spec: EntitySpec, model: Model) -> list[tuple[Comparison, Column]]:
    """The weight that each comparison adds to a pair with levels, in bits."""
    return [(c, _part(c, model)) for c in spec.matching.comparisons]


def against_strangers(spec: EntitySpec, model: Model) -> Column:
    """The weight of a match against strangers in bits: the prior and all comparisons."""
    total = F.lit(model.prior)
    for _, part in weight_parts(spec, model):
        total = total + part
    return total


def pair_weight(spec: EntitySpec, model: Model) -> Column:
    """The weight of a pair with levels, in bits: against strangers and, where there are groups, related pairs too.

    The odds against are those of the two together, so the lesser weight decides.
    """
    found = against_strangers(spec, model)
    if model.related is None:
        return found
    other = in_group(spec, model)
    return F.least(found, other) - F.log2(1 + F.pow(F.lit(2.0), -F.abs(found - other)))


def _part(comparison: Comparison, model: Model) -> Column:
    values = []
    for number, weight in enumerate(model.level_weights(comparison)):
        value = F.lit(round(weight, 6))
        if number and comparison.levels[len(comparison.levels) - number].weighs_values:
            value = _by_frequency(comparison, number, model, weight)
        values.append(value)
    return _by_level(comparison, values)


def _by_level(comparison: Comparison, values: list[Column]) -> Column:
    """The value of the level that a pair has, 0 where there is nothing to compare."""
    found: Column = F.lit(0.0)
    for number, value in enumerate(values):
        found = F.when(F.col(level_column(comparison)) == number, value).otherwise(found)
    return found


def _by_frequency(comparison: Comparison, number: int, model: Model, weight: float) -> Column:
    """A rare value that agrees weighs more: its own share stands in for u."""
    column = comparison.levels[len(comparison.levels) - number].of[0]
    if column not in model.frequencies:
        return F.lit(round(weight, 6))
    agreed = (
        math.log2(model.comparisons[comparison.name].m[number])
        if comparison.weights is None
        else weight + model.frequencies[column].floor
    )
    # Both sides agree, so their shares are one; as both are read, one shuffle of the profiles serves both sides.
    share = F.greatest(*(F.col(f"{frequency_name(column)}_{side}") for side in "lr"))
    return F.lit(round(agreed, 6)) - share
