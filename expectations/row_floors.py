"""How many of its rows a base library or mart may lose from one build to the next.

Most models need not say it; one that does has `meta.most_lost` in its yml, a share from 0 to 1.
"""

from functools import cache
from pathlib import Path

import yaml

MODELS = Path(__file__).resolve().parents[1] / "dbt" / "models"
OF_LAYER = {"base": 0.1, "restricted": 0.5, "marts": 0.5}
"""Persons, firms and certificates hardly ever go; figures by day and place come and go with what is reported."""
_KEY = "most_lost"


def most_lost(table: str) -> float:
    """The share of a table, `layer.table`, that a build may take away."""
    layer, _, name = table.partition(".")
    return _stated().get(name, OF_LAYER[layer])


@cache
def _stated() -> dict[str, float]:
    """By model, where its file says it."""
    found = {}
    for path in (*MODELS.glob("base/*.yml"), *MODELS.glob("marts/*/*.yml")):
        text = path.read_text("utf-8")
        if f"{_KEY}:" in text:
            (model,) = yaml.load(text, Loader=yaml.CSafeLoader)["models"]
            found[model["name"]] = _share(path, model["config"]["meta"][_KEY])
    return found


def _share(path: Path, stated: object) -> float:
    if not isinstance(stated, int | float) or not 0 <= stated <= 1:
        raise ValueError(f"{path}: meta.{_KEY} is a share from 0 to 1")
    return float(stated)
