"""How good a resolution is where no truth is known: estimates from weights of pairs and the rules that made them.

A weight is the logarithm of the odds that two profiles are one, so the sum of probabilities says how many pairs are,
and what of them a threshold takes. What blocking never compared shows in how often rules met: where many pairs were
made by one rule alone, many were made by none. Rules are to pairs what traps are to animals, so Chao's estimate holds
(Chao 1987, “Estimating the population size for capture-recapture data with unequal catchability”, Biometrics 43):
at least (T - 1) / T · f1 (f1 - 1) / (2 (f2 + 1)) were never caught, of T traps, with f1 caught once and f2 twice.
Rules that ask for like things find like pairs, which the estimate does not know, so recall is rather too high. Rules
that were chosen to find what others miss, and pairs wrongly taken for one entity, make it too low.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Estimates:
    """What the weights say of the pairs of profiles; shares are between 0 and 1, None where there is nothing to share.

    Args:
        same: how many compared pairs are one entity; the sum of their probabilities.
        precision: share of the pairs at the threshold or above that are the same.
        recall: share of the compared pairs that are the same which is at the threshold or above.
        blocking_recall: share of all pairs that are the same which was compared; None of fewer than two rules.
    """

    same: float
    precision: float | None
    recall: float | None
    blocking_recall: float | None


def estimates(
    chance: NDArray[np.float64], predicted: NDArray[np.bool_], rules: NDArray[np.int64], among: int
) -> Estimates:
    """Estimates from compared pairs.

    Args:
        chance: probability that each is one entity, n.
        predicted: which are taken for it, n.
        rules: the bits of the rules that made each pair, n.
        among: how many rules there are.
    """
    same, right = float(chance.sum()), float(chance[predicted].sum())
    return Estimates(
        same=round(same, 3),
        precision=_share(right, int(predicted.sum())),
        recall=_share(right, same),
        blocking_recall=None if among < 2 else _share(same, same + _never_made(chance, rules, among)),
    )


def _never_made(chance: NDArray[np.float64], rules: NDArray[np.int64], among: int) -> float:
    """How many pairs that are the same no rule made, at least."""
    made_by = np.bitwise_count(rules)
    once, twice = (float(chance[made_by == times].sum()) for times in (1, 2))
    return (among - 1) / among * once * max(once - 1, 0) / (2 * (twice + 1))


def _share(part: float, whole: float) -> float | None:
    # Engines give pairs in any order, and sums of doubles differ by it in their last digits.
    return round(part / whole, 6) if whole else None
