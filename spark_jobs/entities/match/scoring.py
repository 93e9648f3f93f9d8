"""From keyed profiles to scored pairs: candidates, levels, weights, in one pass over the pairs."""

from collections.abc import Sequence

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F
from pyspark.sql.types import StringType

from expectations.entity_spec import EntitySpec
from spark_jobs.entities.match import blocking
from spark_jobs.entities.match.comparison import Types, both_sides, frequency_name, packed, with_levels
from spark_jobs.entities.match.model import Model
from spark_jobs.entities.match.profiles import pair_columns
from spark_jobs.entities.match.weighing import pair_weight
from spark_jobs.lake.engine.watch import Watch

PAIR_COLUMNS = ("a", "b", "node_a", "node_b", "rules", "vector", "weight")


def prepared_columns(spec: EntitySpec) -> list[str]:
    """Columns of a prepared profile: what blocking and comparison read, beside the ids."""
    frequencies = [frequency_name(column) for column in _weighed(spec)]
    return [*pair_columns(spec), *frequencies]


def _weighed(spec: EntitySpec) -> tuple[str, ...]:
    return (*spec.matching.frequency_columns, *spec.matching.rarity_columns)


def candidates(profiles: DataFrame, spec: EntitySpec, watch: Watch | None = None) -> DataFrame:
    """Each pair of profiles that some rule makes, once: `a`, `b`, `rules`.

    Args:
        profiles: `profile_id`, `node_id`, `block_keys`; `value`, where a rule is sole.
        spec: the kind of entity.
        watch: counts blocks by rule while they pass.
    """
    taken = blocking.without_hot_keys(blocking.participations(profiles, spec), spec)
    kept = blocking.within_limit(blocking.blocks(taken), spec, watch)
    return blocking.distinct_pairs(blocking.pairs_of(kept))


def compared(pairs: DataFrame, profiles: DataFrame, spec: EntitySpec) -> DataFrame:
    """Fetch both sides of each pair, leave out what cannot be one, and add the level of each comparison."""
    types: Types = {field.name: field.dataType for field in profiles.schema.fields}
    sides = both_sides(pairs, _short(profiles, spec, types), ["node_id", *prepared_columns(spec)])
    apart = F.col("node_id_l") != F.col("node_id_r")
    if spec.matching.between is not None:
        apart = apart & (F.col(f"{spec.matching.between}_l") != F.col(f"{spec.matching.between}_r"))
    return with_levels(sides.where(apart), spec, types)


def _short(profiles: DataFrame, spec: EntitySpec, types: Types) -> DataFrame:
    """Profiles with 64 bits in place of texts that are compared for equality alone: pairs are many, and moved twice."""
    texts = [name for name in sorted(spec.matching.equality_columns) if isinstance(types.get(name), StringType)]
    if not texts:
        return profiles
    return profiles.withColumns({name: F.when(F.col(name).isNotNull(), F.xxhash64(name)) for name in texts})


def scored(
    pairs: DataFrame, profiles: DataFrame, spec: EntitySpec, model: Model, also: Sequence[Column] = ()
) -> DataFrame:
    """Pairs with their weight: `a`, `b`, their nodes, the rules that made the pair, the packed vector, the weight.

    Args:
        pairs: candidates.
        profiles: prepared ones.
        spec: the kind of entity.
        model: what weighs them.
        also: further columns, of levels.
    """
    return compared(pairs, profiles, spec).select(
        "a",
        "b",
        F.col("node_id_l").alias("node_a"),
        F.col("node_id_r").alias("node_b"),
        "rules",
        packed(spec).alias("vector"),
        # Rounded: a sum of doubles must not decide a tie by its order.
        F.round(pair_weight(spec, model), 4).alias("weight"),
        *also,
    )
