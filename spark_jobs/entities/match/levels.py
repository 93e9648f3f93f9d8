"""A model level by level, in the order of the spec: what reports of learning and of an evaluation show."""

from collections.abc import Iterator
from dataclasses import dataclass

from expectations.entity_spec import EntitySpec
from spark_jobs.entities.match.model import Model


@dataclass(frozen=True)
class LevelWeight:
    """One level of one comparison.

    Args:
        comparison: its name.
        level: its label, or its kind; `else` for the last.
        m: share among pairs of one entity; None where the spec has the weights.
        u: share among pairs of two.
        weight: in bits.
    """

    comparison: str
    level: str
    m: float | None
    u: float | None
    weight: float


def level_weights(model: Model, spec: EntitySpec) -> Iterator[LevelWeight]:
    """Every level, comparisons and levels as the spec has them, `else` last."""
    for comparison in spec.matching.comparisons:
        labels = ["else", *(level.label_en or level.label or level.kind for level in reversed(comparison.levels))]
        weights, shares = model.level_weights(comparison), model.comparisons.get(comparison.name)
        for number in reversed(range(len(weights))):
            m, u = (None, None) if shares is None else (shares.m[number], shares.u[number])
            yield LevelWeight(comparison.name, labels[number], m, u, weights[number])
