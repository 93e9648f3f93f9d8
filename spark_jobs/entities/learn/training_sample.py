"""What a model is learned from: comparison vectors of candidate pairs and of random pairs, counted in Spark."""

import math
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from expectations.entity_spec import EntitySpec
from spark_jobs.entities.learn import estimation
from spark_jobs.entities.learn.estimation import Vectors
from spark_jobs.entities.match.comparison import packed
from spark_jobs.entities.match.packing import RULE_BITS
from spark_jobs.entities.match.scoring import candidates, compared
from spark_jobs.lake.storage.scratch import Scratch

RANDOM_PAIRS = 500_000
RANDOM_PROFILES = 100_000
TRAINING_PAIRS = 1_000_000
TRAINING_PROFILES = 300_000
_STEPS = 1000


@dataclass(frozen=True)
class Sample:
    """What a model is learned from; counts are those of all pairs, estimated where the pairs are a sample.

    Args:
        by_rule: vectors of the pairs of each blocking rule that made any, by the rule's number.
        blocked: vectors of all blocked pairs, each pair once.
        random: vectors of pairs taken at random.
        possible: number of pairs of profiles that could be one entity.
    """

    by_rule: dict[int, Vectors]
    blocked: Vectors
    random: Vectors
    possible: float

    def of(self, comparisons: list[int]) -> "Sample":
        """The same pairs, by some comparisons alone."""
        by_rule = {number: vectors.of(comparisons) for number, vectors in self.by_rule.items()}
        return Sample(by_rule, self.blocked.of(comparisons), self.random.of(comparisons), self.possible)


def sample(profiles: DataFrame, spec: EntitySpec, into: Scratch) -> Sample:
    """Count the comparison vectors of blocked pairs and of random pairs.

    Args:
        profiles: keyed profiles, each a node of its own, with what levels need of frequencies.
        spec: the kind of entity.
        into: scratch.
    """
    size, total = len(spec.matching.comparisons), profiles.count()
    pairs = compared(_thinned(_candidates(profiles, spec, total, into)), profiles, spec)
    counted = pairs.groupBy("rules", packed(spec).alias("vector")).agg(F.sum("stands_for").alias("count")).toPandas()
    rules, vectors, counts = (counted[name].to_numpy() for name in ("rules", "vector", "count"))
    by_rule = {
        number: estimation.unpack(vectors[made], counts[made], size)
        for number in range(len(spec.matching.blocking))
        if (made := (rules >> number) & 1 == 1).any()
    }
    drawn, number = random_pairs(profiles, total, into)
    at_random = compared(drawn, profiles, spec).groupBy(packed(spec).alias("vector")).count().toPandas()
    return Sample(
        by_rule,
        estimation.unpack(vectors, counts, size),
        estimation.unpack(at_random["vector"].to_numpy(), at_random["count"].to_numpy(), size),
        # With `between`, only some of all pairs are possible.
        total * (total - 1) / 2 * float(at_random["count"].sum()) / max(number, 1),
    )


def _candidates(profiles: DataFrame, spec: EntitySpec, total: int, into: Scratch) -> DataFrame:
    """Candidate pairs `a`, `b`, `rules`, and how many pairs each `stands_for`.

    Of millions of profiles, only some blocks are made. A pair that shares more blocks is met more often; it stands
    for as many pairs as have the same chance.
    """
    blocks = profiles.select("profile_id", "node_id", "block_keys", "value")
    if total <= TRAINING_PROFILES:
        return into.keep(candidates(blocks, spec), "pairs").withColumn("stands_for", F.lit(1.0))
    kept = max(1, _STEPS * TRAINING_PROFILES // total)
    some = F.filter("block_keys", lambda key: F.pmod(F.xxhash64(key, F.lit("training")), F.lit(_STEPS)) < kept)
    pairs = into.keep(candidates(blocks.withColumn("block_keys", some), spec), "pairs").drop("rules")
    left, right = (blocks.select(F.col("profile_id").alias(n), F.col("block_keys").alias(f"keys_{n}")) for n in "ab")
    # Both lack a column of some rule: no key in common, though a null on both sides is.
    common = F.array_compact(F.array_intersect("keys_a", "keys_b"))
    shared = pairs.join(left, on="a").join(right, on="b").withColumn("keys", common)
    chance = 1 - F.pow(F.lit(1 - kept / _STEPS), F.size("keys"))
    return shared.select("a", "b", _rules_of("keys"), (1 / chance).alias("stands_for"))


def _rules_of(keys: str) -> Column:
    """The bits of the rules that some block keys come from."""
    mask = (1 << RULE_BITS) - 1
    return F.expr(f"aggregate({keys}, 0L, (bits, key) -> bits | shiftleft(1L, cast(key & {mask} as int)))").alias(
        "rules"
    )


def _thinned(pairs: DataFrame) -> DataFrame:
    """Enough pairs to learn from: a sample that depends on the pairs alone."""
    number = pairs.count()
    if number <= TRAINING_PAIRS:
        return pairs
    kept = max(1, _STEPS * TRAINING_PAIRS // number)
    some = pairs.where(F.pmod(F.xxhash64("a", "b"), F.lit(_STEPS)) < kept)
    return some.withColumn("stands_for", F.col("stands_for") * F.lit(_STEPS / kept))


def random_pairs(profiles: DataFrame, total: int, into: Scratch) -> tuple[DataFrame, int]:
    """About `RANDOM_PAIRS` pairs of profiles, the same ones for the same profiles, and how many; `rules` is 0.

    Many profiles with a few partners each: few profiles with all others as partners would know rare values only.
    """
    hashed = F.xxhash64("profile_id", F.lit("random pairs"))
    drawn = profiles.select("profile_id", hashed.alias("place"))
    if total > RANDOM_PROFILES:
        drawn = drawn.where(F.pmod("place", F.lit(total)) < RANDOM_PROFILES)
    table = drawn.toArrow().sort_by([("place", "ascending"), ("profile_id", "ascending")])
    ids = table.column("profile_id").to_numpy()
    shifts = min(max(len(ids) - 1, 0) // 2, math.ceil(RANDOM_PAIRS / max(len(ids), 1)))
    left = np.tile(ids, shifts)
    right = np.concatenate([np.roll(ids, -shift) for shift in range(1, shifts + 1)]) if shifts else left
    if len(ids) == 2:
        left, right = ids[:1], ids[1:]
    pairs = pa.table({"a": np.minimum(left, right), "b": np.maximum(left, right)})
    into.write(pairs, "random")
    return into.read(profiles.sparkSession, "random").withColumn("rules", F.lit(0).cast("bigint")), len(pairs)
