"""What a model learned of groups, in words: which values are a group's, and which tell its members apart."""

from typing import Any

import numpy as np

from spark_jobs.entities.learn.related import told_apart
from spark_jobs.entities.match.model import LevelShares, Model


def groups(model: Model) -> dict[str, Any]:
    """What related pairs share and in what they differ, by comparison; empty where the model knows of no groups.

    Args:
        model: learned or shipped.
    """
    if model.related is None:
        return {}
    differ = [name for name, shares in model.comparisons.items() if _is_told_apart(shares)]
    return {
        "shared": [name for name in model.comparisons if name not in differ],
        "differ": differ,
        "matches_to_a_related_pair": round(2.0**model.related, 4),
    }


def _is_told_apart(shares: LevelShares) -> bool:
    m, r, u = (np.asarray(each) for each in (shares.m, shares.r or shares.m, shares.u))
    return told_apart(m, r, u)


def told(found: dict[str, Any]) -> str:
    """The same for people."""
    return (
        f"groups: related records share {', '.join(found['shared'])} and differ in {', '.join(found['differ'])} as "
        "strangers do; what they share carries no link alone"
    )
