"""The model: how much each level of each comparison speaks for or against a link, frozen under a version.

Fellegi and Sunter (1969): a level's weight is log2(m / u), m how often it occurs among records of one entity, u among
records of two. Weights of a pair add up, from a prior. A version freezes m, u and term frequencies, so that a pair's
weight depends on its two records alone, whatever else has been delivered since.
"""

import hashlib
import json
import math
from pathlib import Path
from typing import Annotated

from pydantic import Field, field_validator
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from expectations.entity_spec import ENTITIES, EntitySpec
from expectations.levels import Frozen
from expectations.matching import Comparison
from spark_jobs.entities.comparison import frequency_name, level_column

Share = Annotated[float, Field(gt=0, lt=1)]


class LevelShares(Frozen):
    """One comparison: how often each level occurs, from level 0 (else) up."""

    m: tuple[Share, ...]
    """Among pairs of one entity; sums to 1."""
    u: tuple[Share, ...]
    """Among pairs of two entities; sums to 1."""


class Frequencies(Frozen):
    """How often the values of a column occur, as log2 of their share of all profiles that have one."""

    values: dict[str, float]
    """The frequent values only."""
    floor: float
    """Taken for every other value."""


class Model(Frozen):
    """One version of the model of one entity."""

    entity: str
    prior: float
    """log2 of the odds that two profiles taken at random are one entity."""
    comparisons: dict[str, LevelShares]
    frequencies: dict[str, Frequencies] = {}
    trained_on: str = ""
    """What the shares were learned from, in words."""

    @field_validator("comparisons")
    @classmethod
    def _same_levels(cls, value: dict[str, LevelShares]) -> dict[str, LevelShares]:
        for name, shares in value.items():
            if len(shares.m) != len(shares.u):
                raise ValueError(f"{name}: m and u have different numbers of levels")
        return value

    @property
    def version(self) -> str:
        """Twelve characters that change with anything that changes a weight."""
        content = json.dumps(self.model_dump(exclude={"trained_on"}), sort_keys=True)
        return hashlib.sha256(content.encode()).hexdigest()[:12]

    def check(self, spec: EntitySpec) -> None:
        """See that the model is of this spec.

        Raises:
            ValueError: a comparison or a level of the spec is not in the model.
        """
        for comparison in spec.matching.comparisons:
            shares = self.comparisons.get(comparison.name)
            if comparison.weights is None and (shares is None or len(shares.m) != len(comparison.levels) + 1):
                raise ValueError(
                    f"the model of {spec.entity} does not fit comparison {comparison.name}; train it again: "
                    f"lake train --entity {spec.entity}"
                )

    def level_weights(self, comparison: Comparison) -> list[float]:
        """Weights in bits by level, from 0 (else) up."""
        if comparison.weights is not None:
            return list(reversed(comparison.weights))
        shares = self.comparisons[comparison.name]
        return [math.log2(m / u) for m, u in zip(shares.m, shares.u, strict=True)]


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


def weight_parts(spec: EntitySpec, model: Model) -> list[tuple[Comparison, Column]]:
    """The weight that each comparison adds to a pair with levels, in bits."""
    return [(c, _part(c, model)) for c in spec.matching.comparisons]


def pair_weight(spec: EntitySpec, model: Model) -> Column:
    """The weight of a pair with levels, in bits: the prior and all comparisons."""
    total = F.lit(model.prior)
    for _, part in weight_parts(spec, model):
        total = total + part
    return total


def _part(comparison: Comparison, model: Model) -> Column:
    level = F.col(level_column(comparison))
    found: Column = F.lit(0.0)
    weights = model.level_weights(comparison)
    for number, weight in enumerate(weights):
        value = F.lit(round(weight, 6))
        if number and comparison.levels[len(comparison.levels) - number].weighs_values:
            value = _by_frequency(comparison, number, model, weight)
        found = F.when(level == number, value).otherwise(found)
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
    return F.lit(round(agreed, 6)) - F.col(f"{frequency_name(column)}_l")


def shipped_path(entity: str, folder: Path = ENTITIES) -> Path:
    """The model that comes with a spec."""
    return folder / f"{entity}.model.json"


def load_model(path: Path) -> Model:
    """A model from its file.

    Raises:
        ValueError: the file is not a model.
    """
    return Model.model_validate_json(path.read_text("utf-8"))


def save_model(model: Model, path: Path) -> None:
    """Write a model, one line a comparison or frequent value, so that a difference can be read."""
    path.write_text(json.dumps(model.model_dump(), ensure_ascii=False, indent=1, sort_keys=True) + "\n", "utf-8")
