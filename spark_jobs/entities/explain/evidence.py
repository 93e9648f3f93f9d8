"""What speaks for and against a pair, comparison by comparison, read from its packed vector; no Spark, no tables."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from expectations.entity_spec import EntitySpec
from expectations.matching import Comparison
from spark_jobs.entities.match.model import Model
from spark_jobs.entities.match.packing import LEVEL_BITS

_SEEN = 0.01
"""Bits; what is stored has four digits."""
NOTHING = -1
"""Level of a comparison that one side has no value for."""


@dataclass(frozen=True)
class Line:
    """What one comparison says of a pair.

    Args:
        comparison: its name.
        title: its title, Chinese.
        title_en: the same in English.
        level: -1 nothing to compare, 0 no level holds, up to the strongest.
        label: what agrees, Chinese.
        label_en: the same in English.
        weight: bits that it adds.
        by_value: the weight depends on how frequent the agreed value is.
    """

    comparison: str
    title: str
    title_en: str
    level: int
    label: str
    label_en: str
    weight: float
    by_value: bool = False


@dataclass(frozen=True)
class Evidence:
    """All that speaks for and against a pair.

    Args:
        prior: bits before anything is compared.
        lines: one per comparison, in the spec's order, and one for what a group shares where the model knows of groups.
    """

    prior: float
    lines: tuple[Line, ...]

    @property
    def weight(self) -> float:
        """The sum, in bits: log2 of the odds that both are one entity."""
        return round(self.prior + sum(line.weight for line in self.lines), 4)


def levels_of(vector: int, spec: EntitySpec) -> list[int]:
    """The level of each comparison, unpacked from a pair's vector."""
    mask = (1 << LEVEL_BITS) - 1
    return [((vector >> (LEVEL_BITS * n)) & mask) - 1 for n in range(len(spec.matching.comparisons))]


def shares_of(spec: EntitySpec, model: Model, keys: Mapping[str, Any]) -> dict[str, float]:
    """For each column that weighs by frequency, log2 of the share of the value that a profile has in it."""
    found = {}
    for column in spec.matching.frequency_columns:
        known = model.frequencies.get(column)
        if known is not None and keys.get(column) is not None:
            found[column] = known.values.get(str(keys[column]), known.floor)
    return found


def explain(
    levels: list[int], spec: EntitySpec, model: Model, total: float | None = None, shares: Mapping[str, float] = {}
) -> Evidence:
    """The evidence of a pair by its levels.

    Args:
        levels: one per comparison.
        spec: the kind of entity.
        model: the model that weighed the pair.
        total: the pair's stored weight. What an agreed value adds by its rarity is the rest of it, so that no value
            need be looked at.
        shares: for pairs without a stored weight, log2 of the shares of agreed values, by column.
    """
    comparisons = spec.matching.comparisons
    lines = [_line(c, level, model, shares) for c, level in zip(comparisons, levels, strict=True)]
    in_group = None if model.related is None else model.related + _in_group(comparisons, levels, model)
    strangers = None if total is None else _against_strangers(total, in_group)
    valued = [n for n, line in enumerate(lines) if line.by_value]
    if strangers is not None and valued:
        rest = (strangers - model.prior - sum(line.weight for line in lines)) / len(valued)
        lines = [_with_weight(line, line.weight + rest) if line.by_value else line for line in lines]
    if in_group is not None:
        told = model.prior + sum(line.weight for line in lines)
        lines.append(_of_group((-_log2_sum(-told, -in_group) if total is None else total) - told))
    return Evidence(model.prior, tuple(lines))


def _in_group(comparisons: Sequence[Comparison], levels: list[int], model: Model) -> float:
    """What the levels say against a related pair."""
    pairs = zip(comparisons, levels, strict=True)
    return sum(model.weights_in_group(c)[level] for c, level in pairs if level != NOTHING)


def _against_strangers(total: float, in_group: float | None) -> float | None:
    """The part of a stored weight that is against strangers; None where related pairs alone decided it."""
    if in_group is None:
        return total
    left = math.pow(2, min(-total, 1000)) - math.pow(2, min(-in_group, 1000))
    return -math.log2(left) if total < in_group - _SEEN and left > 0 else None


def _log2_sum(one: float, other: float) -> float:
    """log2(2^one + 2^other)."""
    return max(one, other) + math.log2(1 + math.pow(2, -min(abs(one - other), 1000)))


def _of_group(weight: float) -> Line:
    label, label_en = "同组记录也会如此", "records of one group agree so too"
    return Line("related", "同组", "group", 0, label, label_en, round(weight, 6))


def _line(comparison: Comparison, level: int, model: Model, shares: Mapping[str, float]) -> Line:
    title, title_en = comparison.title or comparison.name, comparison.title_en or comparison.name
    if level == NOTHING:
        return Line(
            comparison.name,
            title,
            title_en,
            level,
            "一方没有，或已计入他项",
            "nothing to compare, or counted above",
            0.0,
        )
    weight = round(model.level_weights(comparison)[level], 6)
    if level == 0:
        # A comparison that only takes back what others count twice says nothing where it is not the case.
        else_label = ("没有这种情况", "not the case") if comparison.weights and not weight else ("不同", "different")
        return Line(comparison.name, title, title_en, level, *else_label, weight)
    one = comparison.levels[len(comparison.levels) - level]
    column = one.of[0] if one.of else ""
    by_value = one.weighs_values and column in model.frequencies
    if by_value and column in shares:
        # As scoring does: a value's own share stands in for u.
        agreed = (
            math.log2(model.comparisons[comparison.name].m[level])
            if comparison.weights is None
            else weight + model.frequencies[column].floor
        )
        weight = round(agreed, 6) - shares[column]
    label = one.label or f"{one.kind} {', '.join(one.of)}"
    return Line(comparison.name, title, title_en, level, label, one.label_en or label, weight, by_value)


def _with_weight(line: Line, weight: float) -> Line:
    return Line(**{**line.__dict__, "weight": round(weight, 6)})


def probability(weight: float) -> float:
    """The probability that stands behind a weight in bits."""
    if weight == math.inf or weight == -math.inf:
        return float(weight > 0)
    return 1 / (1 + math.pow(2, min(-weight, 1000)))


_VERDICTS = (
    (10.0, "几乎可以肯定是同一个", "practically certain: the same"),
    (4.0, "很可能是同一个", "very likely the same"),
    (0.0, "较可能是同一个", "rather the same than not"),
    (-4.0, "较可能不是同一个", "rather not the same"),
    (-10.0, "很可能不是同一个", "very likely not the same"),
    (-math.inf, "几乎可以肯定不是同一个", "practically certain: not the same"),
)


def verdict(weight: float) -> tuple[str, str]:
    """What a weight means, in Chinese and in English."""
    return next((zh, en) for least, zh, en in _VERDICTS if weight >= least)


def odds(weight: float) -> str:
    """The odds behind a weight, as `1,000 : 1`."""
    if abs(weight) >= 40:
        return "> 10^12 : 1" if weight > 0 else "1 : > 10^12"
    ratio = 2.0 ** abs(weight)
    shown = f"{ratio:,.0f}" if ratio >= 10 else f"{ratio:.1f}"
    return f"{shown} : 1" if weight >= 0 else f"1 : {shown}"


_STRENGTHS = (
    (10.0, "决定性", "decisive"),
    (4.0, "有力", "strong"),
    (1.0, "一般", "moderate"),
    (0.0, "微弱", "slight"),
)


def strength(weight: float) -> tuple[str, str]:
    """How strongly one comparison speaks, and for which side, in Chinese and in English."""
    if weight == 0:
        return "不说明问题", "says nothing"
    zh, en = next((zh, en) for least, zh, en in _STRENGTHS if abs(weight) >= least)
    return (f"{zh}支持", f"{en}, for") if weight > 0 else (f"{zh}反对", f"{en}, against")


def level_words(line: Line) -> str:
    """What agrees, in both languages; that a rare value weighs more is said."""
    rare = "（按罕见程度 by rarity）" if line.by_value else ""
    return f"{line.label} {line.label_en}{rare}"
