"""How good a resolution is where no truth is known: estimates from weights of pairs and the rules that made them.

A weight is the logarithm of the odds that two profiles are one, so the sum of probabilities says how many pairs are,
and what of them a threshold takes. What blocking never compared shows in how often rules met: where many pairs were
made by one rule alone, many were made by none. Rules are to pairs what traps are to animals, so Chao's estimate holds
(Chao 1987, “Estimating the population size for capture-recapture data with unequal catchability”, Biometrics 43):
at least (T - 1) / T · f1 (f1 - 1) / (2 (f2 + 1)) were never caught, of T traps, with f1 caught once and f2 twice.
Rules that ask for like things find like pairs, which the estimate does not know: recall is at most so much.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Estimates:
    """What the weights say of the pairs of profiles; shares are between 0 and 1.

    Args:
        same: how many compared pairs are one entity; the sum of their probabilities.
        precision: share of the pairs at the threshold or above that are the same.
        recall: share of the compared pairs that are the same which is at the threshold or above.
        blocking_recall: share of all pairs that are the same which was compared, at most; None of fewer than two rules.
    """

    same: float
    precision: float
    recall: float
    blocking_recall: float | None


def estimates(weight: NDArray[np.float64], rules: NDArray[np.int64], threshold: float, among: int) -> Estimates:
    """Estimates from compared pairs.

    Args:
        weight: bits, prior included, n.
        rules: the bits of the rules that made each pair, n.
        threshold: pairs of this weight or more are predicted.
        among: how many rules there are.
    """
    probability = 1 / (1 + np.exp2(-np.clip(weight, -60, 60)))
    same, taken = float(probability.sum()), weight >= threshold
    return Estimates(
        same=same,
        precision=_share(float(probability[taken].sum()), int(taken.sum())),
        recall=_share(float(probability[taken].sum()), same),
        blocking_recall=None if among < 2 else _share(same, same + _never_made(probability, rules, among)),
    )


def _never_made(probability: NDArray[np.float64], rules: NDArray[np.int64], among: int) -> float:
    """How many pairs that are the same no rule made, at least."""
    made_by = np.bitwise_count(rules)
    once, twice = (float(probability[made_by == times].sum()) for times in (1, 2))
    return (among - 1) / among * once * max(once - 1, 0) / (2 * (twice + 1))


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 1.0
