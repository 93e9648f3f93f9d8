"""Learning a model from profiles, without labels: vectors are counted in Spark, everything else is NumPy."""

import math
from dataclasses import dataclass

import numpy as np
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from expectations.entity_spec import EntitySpec
from spark_jobs.entities import estimation, roots
from spark_jobs.entities.comparison import packed
from spark_jobs.entities.estimation import Counts, Vectors
from spark_jobs.entities.model import Frequencies, LevelShares, Model, frequency_name
from spark_jobs.entities.scoring import candidates, compared
from spark_jobs.lake.scratch import scratch

RANDOM_PAIRS = 1_000_000
FREQUENT_VALUES = 2000
TRAINING_PAIRS = 3_000_000
_FIRST_MATCH_SHARE = 0.3


@dataclass(frozen=True)
class Sample:
    """What a model is learned from.

    Args:
        by_rule: vectors of the pairs of each blocking rule that made any, by the rule's number.
        blocked: vectors of all blocked pairs, each pair once.
        random: vectors of pairs taken at random.
        profiles: number of profiles.
    """

    by_rule: dict[int, Vectors]
    blocked: Vectors
    random: Vectors
    profiles: int


def frequencies_of(profiles: DataFrame, spec: EntitySpec) -> tuple[dict[str, Frequencies], dict[str, float]]:
    """Term frequencies of the columns that count them, and the chance that two random values are equal."""
    found, collisions = {}, {}
    for column in spec.matching.frequency_columns:
        counted = profiles.where(F.col(column).isNotNull()).groupBy(F.col(column).alias("value")).count()
        total, squares, rare = counted.agg(
            F.sum("count"), F.sum(F.col("count") * F.col("count")), F.expr("percentile_approx(count, 0.5)")
        ).collect()[0]
        if not total:
            continue
        top = counted.where(F.col("count") > 1).orderBy(F.desc("count"), "value").limit(FREQUENT_VALUES).collect()
        values = {row["value"]: round(math.log2(row["count"] / total), 4) for row in top}
        floor = min([*values.values(), math.log2(max(rare, 1) / total)])
        found[column] = Frequencies(values=values, floor=round(floor, 4))
        collisions[column] = squares / total**2
    return found, collisions


def sample(pairs: DataFrame, profiles: DataFrame, spec: EntitySpec) -> Sample:
    """Count the comparison vectors of blocked pairs and of random pairs.

    Args:
        pairs: candidates `a`, `b`, `rules`.
        profiles: prepared profiles, with placeholder term frequencies where there is no model yet.
        spec: the kind of entity.
    """
    size = len(spec.matching.comparisons)
    total = profiles.count()
    some = _thinned(pairs)
    counted = compared(some, profiles, spec).groupBy("rules", packed(spec).alias("vector")).count().toPandas()
    rules, vectors, counts = (counted[name].to_numpy() for name in ("rules", "vector", "count"))
    by_rule = {
        number: estimation.unpack(vectors[made], counts[made], size)
        for number in range(len(spec.matching.blocking))
        if (made := (rules >> number) & 1 == 1).any()
    }
    at_random = compared(random_pairs(profiles, total), profiles, spec)
    drawn = at_random.groupBy(packed(spec).alias("vector")).count().toPandas()
    return Sample(
        by_rule,
        estimation.unpack(vectors, counts, size),
        estimation.unpack(drawn["vector"].to_numpy(), drawn["count"].to_numpy(), size),
        total,
    )


def _thinned(pairs: DataFrame) -> DataFrame:
    """Enough pairs to learn from: a sample that depends on the pairs alone."""
    number = pairs.count()
    if number <= TRAINING_PAIRS:
        return pairs
    keep = F.pmod(F.xxhash64("a", "b"), F.lit(1000)) < F.lit(max(1, 1000 * TRAINING_PAIRS // number))
    return pairs.where(keep)


def random_pairs(profiles: DataFrame, total: int) -> DataFrame:
    """About `RANDOM_PAIRS` pairs of profiles, the same ones for the same profiles; `rules` is 0."""
    side = min(total, math.isqrt(2 * RANDOM_PAIRS))
    drawn = profiles.select("profile_id").orderBy(F.xxhash64("profile_id", F.lit("random pairs"))).limit(side)
    left, right = (drawn.select(F.col("profile_id").alias(name)) for name in ("a", "b"))
    return left.join(right, F.expr("a < b"), "inner").withColumn("rules", F.lit(0).cast("bigint"))


def learn(found: Sample, spec: EntitySpec) -> tuple[dict[str, LevelShares], float]:
    """M and u of each comparison, and the share of matches among all possible pairs."""
    comparisons = spec.matching.comparisons
    u = [estimation.level_shares(found.random, n, len(c.levels) + 1) for n, c in enumerate(comparisons)]
    possible = found.profiles * (found.profiles - 1) / 2
    m = _m_by_rules(found, spec, u)
    for _ in range(2):
        share = estimation.prior_share(found.blocked, m, u, possible)
        u = _u_without_matches(found, spec, m, u, share)
        m = _m_by_rules(found, spec, u)
    share = estimation.prior_share(found.blocked, m, u, possible)
    shares = {
        c.name: LevelShares(m=_rounded(m[n]), u=_rounded(u[n])) for n, c in enumerate(comparisons) if c.weights is None
    }
    return shares, share


def _m_by_rules(found: Sample, spec: EntitySpec, u: list[Counts]) -> list[Counts]:
    """M of each comparison, from the rules that it is independent of, weighted by the matches each rule holds.

    Pairs of a rule agree on its columns by construction; so a rule teaches only what it does not look at.
    """
    comparisons = spec.matching.comparisons
    begin = [_first_guess(len(c.levels) + 1) for c in comparisons]
    sums = [np.zeros(len(guess)) for guess in begin]
    for number, vectors in found.by_rule.items():
        used = roots.independent(spec, number)
        if len(used) < 2:
            continue
        m, share = estimation.expectation_maximisation(vectors, u, begin, used, _FIRST_MATCH_SHARE)
        for n in used:
            sums[n] += m[n] * share * vectors.counts.sum()
    lacking = [n for n, total in enumerate(sums) if not total.any()]
    if lacking:
        everything = list(range(len(comparisons)))
        m, _ = estimation.expectation_maximisation(found.blocked, u, begin, everything, _FIRST_MATCH_SHARE)
        for n in lacking:
            sums[n] = m[n]
    return [np.asarray(total / total.sum()) for total in sums]


def _first_guess(size: int) -> Counts:
    guess = np.full(size, 0.1 / max(size - 1, 1))
    guess[-1] = 0.9
    return guess / guess.sum()


def _u_without_matches(found: Sample, spec: EntitySpec, m: list[Counts], u: list[Counts], share: float) -> list[Counts]:
    """U from the random pairs, each counted by the probability that it is no match."""
    everything = list(range(len(spec.matching.comparisons)))
    odds = math.log(share / (1 - share)) + estimation.log_ratios(found.random.levels, m, u, everything)
    no_match = 1 / (1 + np.exp(np.clip(odds, -500, 500)))
    return [
        estimation.level_shares(found.random, n, len(c.levels) + 1, no_match)
        for n, c in enumerate(spec.matching.comparisons)
    ]


def _rounded(shares: Counts) -> tuple[float, ...]:
    return tuple(float(f"{share:.6g}") for share in np.clip(shares, 1e-9, 1 - 1e-9))


def untrained(profiles: DataFrame, spec: EntitySpec) -> DataFrame:
    """Profiles with empty term frequencies: what levels need, before there is a model."""
    names = {frequency_name(column): F.lit(None).cast("double") for column in spec.matching.frequency_columns}
    return profiles.withColumns(names) if names else profiles


def train_on_profiles(spark: SparkSession, spec: EntitySpec, profiles: DataFrame, trained_on: str = "") -> Model:
    """Learn a model of an entity from keyed profiles.

    Every profile is a node of its own here: m is then that of any two profiles of one entity, not of those that
    `same` leaves apart.
    """
    with scratch("train") as into:
        alone = into.keep(profiles.withColumn("node_id", F.col("profile_id")), "profiles")
        pairs = into.keep(candidates(alone, spec), "pairs")
        frequencies, _ = frequencies_of(alone, spec)
        shares, share = learn(sample(pairs, untrained(alone, spec), spec), spec)
    return Model(
        entity=spec.entity,
        prior=round(math.log2(share / (1 - share)), 4),
        comparisons=shares,
        frequencies=frequencies,
        trained_on=trained_on,
    )
