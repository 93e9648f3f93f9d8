"""Learning a model from profiles, without labels: vectors are counted in Spark, everything else is NumPy."""

import math
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from expectations.entity_spec import EntitySpec
from spark_jobs.entities.learn import estimation
from spark_jobs.entities.learn.estimation import Counts, Vectors
from spark_jobs.entities.learn.related import related_pairs
from spark_jobs.entities.learn.training_sample import Sample, sample
from spark_jobs.entities.match import roots
from spark_jobs.entities.match.model import Frequencies, LevelShares, Model
from spark_jobs.entities.match.weighing import with_frequencies
from spark_jobs.lake.storage.scratch import Scratch

FREQUENT_VALUES = 2000
_FIRST_MATCH_SHARE = 0.3


def frequencies_of(profiles: DataFrame, spec: EntitySpec, into: Scratch) -> dict[str, Frequencies]:
    """How often the values of the columns occur whose frequency counts, and the elements of arrays."""
    of_values = [(column, F.array(F.col(column).cast("string"))) for column in spec.matching.frequency_columns]
    of_elements = [(c, F.array_distinct(F.col(c).cast("array<string>"))) for c in spec.matching.rarity_columns]
    if not of_values and not of_elements:
        return {}
    said = [_named(name, values) for name, values in (*of_values, *of_elements)]
    told = profiles.select(F.explode(F.concat(*said)).alias("said"))
    into.keep(told.select("said.*").where("value is not null").groupBy("column", "value").count(), "frequencies")
    totals = profiles.agg(*(F.count(F.col(name)).alias(name) for name, _ in (*of_values, *of_elements))).collect()[0]
    counted = into.table("frequencies")
    return {
        name: _frequencies(counted.filter(pc.equal(counted.column("column"), name)), int(totals[name]))
        for name, _ in (*of_values, *of_elements)
        if totals[name]
    }


def _named(column: str, values: Column) -> Column:
    """Each of some values with the name of the column that it is of; none where there are none."""
    named = F.transform(values, lambda value: F.struct(F.lit(column).alias("column"), value.alias("value")))
    return F.coalesce(named, F.array().cast("array<struct<column:string,value:string>>"))


def _frequencies(counted: pa.Table, total: int) -> Frequencies:
    """The frequent values of one column with log2 of their shares; a value beyond them counts as a typical one."""
    typical = np.median(counted.column("count").to_numpy()) if len(counted) else 1.0
    order = [("count", "descending"), ("value", "ascending")]
    top = counted.filter(pc.greater(counted.column("count"), 1)).sort_by(order).slice(0, FREQUENT_VALUES)
    shares = np.log2(top.column("count").to_numpy() / total)
    values = {
        value: round(float(share), 4) for value, share in zip(top.column("value").to_pylist(), shares, strict=True)
    }
    return Frequencies(values=values, floor=round(min([*values.values(), math.log2(typical / total)]), 4))


@dataclass(frozen=True)
class Learned:
    """What a model takes from a sample.

    Args:
        shares: m, u and, where there are groups, r of each comparison without weights of its own.
        match_share: share of matches among all possible pairs.
        related: see `Model.related`.
    """

    shares: dict[str, LevelShares]
    match_share: float
    related: float | None


def learn(found: Sample, spec: EntitySpec) -> Learned:
    """Learn the shares of levels, and how many matches there are.

    Given weights take back what others count twice, so the others are learned without them; the share is that which
    all weights together agree with.
    """
    comparisons = spec.matching.comparisons
    numbers = [n for n, c in enumerate(comparisons) if c.weights is None]
    learned = found.of(numbers)
    m, u = _shares(learned, _with_comparisons(spec, numbers))
    related = related_pairs(learned.blocked, m, u)
    r: list[Counts | None] = [None] * len(m)
    if related is not None:
        m, r = related.m, [*related.r]
    shares = {
        comparisons[n].name: LevelShares(
            m=_rounded(m[at]), u=_rounded(u[at]), r=None if (of_group := r[at]) is None else _rounded(of_group)
        )
        for at, n in enumerate(numbers)
    }
    given = {n: estimation.shares_of_weights(c.weights[::-1]) for n, c in enumerate(comparisons) if c.weights}
    both = [given[n] if n in given else (m[numbers.index(n)], u[numbers.index(n)]) for n in range(len(comparisons))]
    all_m, all_u = ([pair[side] for pair in both] for side in (0, 1))
    in_group = None
    if related is not None:
        all_r = [given[n][1] if n in given else related.r[numbers.index(n)] for n in range(len(comparisons))]
        odds = estimation.log_ratios(found.blocked.levels, all_m, all_r, list(range(len(all_m))))
        in_group = related.bits * math.log(2) + odds
    share = estimation.prior_share(found.blocked, all_m, all_u, found.possible, in_group)
    return Learned(shares, share, None if related is None else round(related.bits, 4))


def _with_comparisons(spec: EntitySpec, numbers: list[int]) -> EntitySpec:
    some = tuple(spec.matching.comparisons[n] for n in numbers)
    return spec.model_copy(update={"matching": spec.matching.model_copy(update={"comparisons": some})})


def _shares(found: Sample, spec: EntitySpec) -> tuple[list[Counts], list[Counts]]:
    comparisons = spec.matching.comparisons
    u = [estimation.level_shares(found.random, n, len(c.levels) + 1) for n, c in enumerate(comparisons)]
    m = _m_by_rules(found, spec, u)
    for _ in range(2):
        share = estimation.prior_share(found.blocked, m, u, found.possible)
        u = _u_without_matches(found, spec, m, u, share)
        m = _m_by_rules(found, spec, u)
    return _refined(found, spec, m, u), u


def _m_by_rules(found: Sample, spec: EntitySpec, u: list[Counts]) -> list[Counts]:
    """M of each comparison, from the rules that it is independent of.

    Pairs of a rule agree on its columns by construction; so a rule teaches only what it does not look at.
    """
    sizes = [len(c.levels) + 1 for c in spec.matching.comparisons]
    begin = [estimation.first_guess(size) for size in sizes]
    counts = [np.zeros(size) for size in sizes]
    for number, vectors in found.by_rule.items():
        used = roots.independent(spec, number)
        if len(used) > 1:
            _add_matches(counts, vectors, u, begin, used)
    lacking = [n for n, counted in enumerate(counts) if counted.sum() < 1]
    if lacking and len(found.blocked.counts):
        of_all = [np.zeros(size) for size in sizes]
        _add_matches(of_all, found.blocked, u, begin, list(range(len(sizes))))
        for n in lacking:
            counts[n] = of_all[n]
    return [estimation.agreeing(estimation.m_of_counts(counts[n]), u[n]) for n in range(len(sizes))]


def _refined(found: Sample, spec: EntitySpec, m: list[Counts], u: list[Counts]) -> list[Counts]:
    """M again from all blocked pairs and all comparisons together, beginning where the rules left off.

    A rule with few independent comparisons takes pairs for matches that another comparison tells apart.
    """
    if not len(found.blocked.counts):
        return m
    everything = list(range(len(spec.matching.comparisons)))
    share = estimation.prior_share(found.blocked, m, u, found.possible)
    odds = math.log(share / (1 - share)) + estimation.log_ratios(found.blocked.levels, m, u, everything)
    is_match = estimation.match_probability(odds)
    apart = [estimation.level_shares(found.blocked, n, len(m[n]), 1 - is_match) for n in everything]
    among = float((is_match * found.blocked.counts).sum() / found.blocked.counts.sum())
    refined, _ = estimation.expectation_maximisation(found.blocked, apart, m, everything, min(max(among, 1e-6), 0.99))
    return [estimation.agreeing(refined[n], u[n]) for n in everything]


def _add_matches(counts: list[Counts], vectors: Vectors, u: list[Counts], begin: list[Counts], used: list[int]) -> None:
    """Add the levels of the matches among the pairs of a rule."""
    m, is_match = estimation.expectation_maximisation(vectors, u, begin, used, _FIRST_MATCH_SHARE)
    for n in used:
        counts[n] += estimation.level_counts(vectors, n, len(m[n]), is_match)


def _u_without_matches(found: Sample, spec: EntitySpec, m: list[Counts], u: list[Counts], share: float) -> list[Counts]:
    """U from the random pairs, each counted by the probability that it is no match."""
    everything = list(range(len(spec.matching.comparisons)))
    odds = math.log(share / (1 - share)) + estimation.log_ratios(found.random.levels, m, u, everything)
    no_match = 1 - estimation.match_probability(odds)
    return [
        estimation.level_shares(found.random, n, len(c.levels) + 1, no_match)
        for n, c in enumerate(spec.matching.comparisons)
    ]


def _rounded(shares: Counts) -> tuple[float, ...]:
    return tuple(float(f"{share:.6g}") for share in np.clip(shares, 1e-9, 1 - 1e-9))


def train_on_profiles(spec: EntitySpec, profiles: DataFrame, into: Scratch, trained_on: str = "") -> Model:
    """Learn a model of an entity, without labels.

    Every profile is a node of its own here: m is then that of any two profiles of one entity, not of those only that
    `same` leaves apart.

    Args:
        spec: the kind of entity.
        profiles: keyed profiles.
        into: scratch, of which it takes a folder.
        trained_on: what they are, in words.
    """
    own = into.folder("training")
    alone = profiles.withColumn("node_id", F.col("profile_id"))
    begun = Model(entity=spec.entity, prior=0, comparisons={}, frequencies=frequencies_of(alone, spec, own))
    prepared = with_frequencies(alone, spec, begun)
    if spec.matching.rarity_columns:
        prepared = own.keep(prepared, "prepared")
    found = learn(sample(prepared, spec, own), spec)
    prior = round(math.log2(found.match_share / (1 - found.match_share)), 4)
    return begun.model_copy(
        update={"prior": prior, "related": found.related, "comparisons": found.shares, "trained_on": trained_on}
    )
