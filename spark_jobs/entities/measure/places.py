"""Places that `one_per` gives once: who loses one, and how likely a pair is where others want the same place."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from spark_jobs.entities.match.clusters import Links

BEATEN = 1000.0
"""Bits taken from a pair that `one_per` has no room for: it counts as scored, and at no threshold as found."""

_MIX = np.int64(-7046029254386353131)
"""An odd number of 64 bits, half of them set: products with it lie far apart."""


def chances(weight: NDArray[np.float64]) -> NDArray[np.float64]:
    """The probability that each pair is one entity, by its weight in bits."""
    return 1 / (1 + np.exp2(-np.clip(weight, -60, 60)))


def chances_of_rivals(links: "Links", value_a: NDArray[np.int64], value_b: NDArray[np.int64]) -> NDArray[np.float64]:
    """The same where of all pairs that want one place one at most can have it: odds against the odds of all of them.

    Args:
        links: pairs of nodes.
        value_a: value of each link's first node of which an entity has one; 0 for none.
        value_b: value of each link's second node.
    """
    odds = np.exp2(np.clip(links.weight, -60, 60))
    wanted = ((links.a, value_b), (links.b, value_a))
    node = np.concatenate([node for node, _ in wanted])
    value = np.concatenate([value for _, value in wanted])
    # Two places in one number: that two of millions share it by chance changes no estimate.
    place = np.unique(node * _MIX ^ value, return_inverse=True)[1].reshape(-1)
    of_all = np.bincount(place, np.concatenate([odds, odds]))[place].reshape(2, -1)
    # Where a node has no value, nobody else wants its place.
    among = np.where(np.stack([value_b, value_a]) != 0, of_all, odds)
    return np.asarray((odds / (1 + among)).min(axis=0))
