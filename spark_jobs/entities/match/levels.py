"""A model level by level, in the order of the spec: what reports of learning and of an evaluation show."""

from collections.abc import Iterator
from dataclasses import dataclass

from expectations.entity_spec import EntitySpec
from spark_jobs.entities.match.model import LevelShares, Model


@dataclass(frozen=True)
class LevelWeight:
    """One level of one comparison.

    Args:
        comparison: its name.
        level: its label, or its kind, columns and bound; `else` for the last. No two of a comparison have one.
        m: share among pairs of one entity; None where the spec has the weights.
        u: share among pairs of two.
        weight: in bits, against strangers.
        r: share among pairs of two entities of one group; None where there are no groups.
        in_group: weight in bits against such a pair; None where there are no groups.
    """

    comparison: str
    level: str
    m: float | None
    u: float | None
    weight: float
    r: float | None = None
    in_group: float | None = None


def level_weights(model: Model, spec: EntitySpec) -> Iterator[LevelWeight]:
    """Every level, comparisons and levels as the spec has them, `else` last."""
    for comparison in spec.matching.comparisons:
        labels = ["else", *reversed(_each_once([level.described for level in comparison.levels]))]
        weights, shares = model.level_weights(comparison), model.comparisons.get(comparison.name)
        in_group: list[float | None] = [None] * len(weights)
        if model.related is not None:
            in_group = [*model.weights_in_group(comparison)]
        for number in reversed(range(len(weights))):
            m, u, r = (None if each is None else each[number] for each in _shares(shares))
            yield LevelWeight(comparison.name, labels[number], m, u, weights[number], r, in_group[number])


def _shares(shares: LevelShares | None) -> tuple[tuple[float, ...] | None, ...]:
    return (None, None, None) if shares is None else (shares.m, shares.u, shares.r)


def _each_once(labels: list[str]) -> list[str]:
    """Labels, those that are there before with the number of their level."""
    return [f"{label} ({place})" if label in labels[: place - 1] else label for place, label in enumerate(labels, 1)]
