"""The model: how much each level of each comparison speaks for or against a link, frozen under a version.

Fellegi and Sunter (1969): a level's weight is log2(m / u), m how often it occurs among records of one entity, u among
records of two. Weights of a pair add up, from a prior. A version freezes m, u and term frequencies, so that a pair's
weight depends on its two records alone, whatever else has been delivered since.
"""

import hashlib
import json
import math
from pathlib import Path
from typing import Annotated

from pydantic import Field, field_validator

from expectations.entity_spec import ENTITIES, EntitySpec
from expectations.levels import Frozen
from expectations.matching import Comparison
from spark_jobs.base.errors import LakeError

Share = Annotated[float, Field(gt=0, lt=1)]


class LevelShares(Frozen):
    """One comparison: how often each level occurs, from level 0 (else) up."""

    m: tuple[Share, ...]
    """Among pairs of one entity; sums to 1."""
    u: tuple[Share, ...]
    """Among pairs of two entities; sums to 1."""
    r: tuple[Share, ...] | None = None
    """Among pairs of two entities of one group, which share what the group shares; sums to 1."""


class Frequencies(Frozen):
    """How often the values of a column occur, as log2 of their share of all profiles that have one."""

    values: dict[str, float]
    """The frequent values only."""
    floor: float
    """Taken for every other value."""


class Model(Frozen):
    """One version of the model of one entity."""

    entity: str
    prior: float
    """log2 of the odds that two profiles taken at random are one entity."""
    related: float | None = None
    """log2 of how many matches there are to one related pair (`LevelShares.r`); None where there are no groups."""
    comparisons: dict[str, LevelShares]
    frequencies: dict[str, Frequencies] = {}
    trained_on: str = ""
    """What the shares were learned from, in words."""

    @field_validator("comparisons")
    @classmethod
    def _same_levels(cls, value: dict[str, LevelShares]) -> dict[str, LevelShares]:
        for name, shares in value.items():
            if {len(shares.m)} != {len(each) for each in (shares.u, shares.r) if each is not None}:
                raise ValueError(f"{name}: m, u and r have different numbers of levels")
        return value

    @property
    def version(self) -> str:
        """Twelve characters that change with anything that changes a weight."""
        content = json.dumps(self.model_dump(exclude={"trained_on"}, exclude_none=True), sort_keys=True)
        return hashlib.sha256(content.encode()).hexdigest()[:12]

    def check(self, spec: EntitySpec) -> None:
        """See that the model is of this spec.

        Raises:
            ValueError: a comparison or a level of the spec is not in the model.
        """
        for comparison in spec.matching.comparisons:
            shares = self.comparisons.get(comparison.name)
            if comparison.weights is None and not (shares and self._fits(shares, len(comparison.levels) + 1)):
                raise ValueError(
                    f"the model of {spec.entity} does not fit comparison {comparison.name}; train it again: "
                    f"lake train --entity {spec.entity}"
                )

    def _fits(self, shares: LevelShares, levels: int) -> bool:
        return len(shares.m) == levels and (self.related is None or shares.r is not None)

    def level_weights(self, comparison: Comparison) -> list[float]:
        """Weights in bits by level, from 0 (else) up: of a match against strangers."""
        if comparison.weights is not None:
            return list(reversed(comparison.weights))
        shares = self.comparisons[comparison.name]
        return [math.log2(m / u) for m, u in zip(shares.m, shares.u, strict=True)]

    def weights_in_group(self, comparison: Comparison) -> list[float]:
        """The same of a match against a related pair; 0 where there are no groups."""
        if comparison.weights is not None:
            return list(reversed(comparison.weights))
        shares = self.comparisons[comparison.name]
        return [math.log2(m / r) for m, r in zip(shares.m, shares.r or shares.m, strict=True)]


def shipped_path(entity: str, folder: Path = ENTITIES) -> Path:
    """The model that comes with a spec."""
    return folder / f"{entity}.model.json"


def load_model(path: Path) -> Model:
    """A model from its file.

    Raises:
        ValueError: the file is not a model.
    """
    return Model.model_validate_json(path.read_text("utf-8"))


def approved_model(spec: EntitySpec) -> Model:
    """The approved model of an entity.

    Raises:
        LakeError: there is none, or it does not fit the spec.
    """
    path = shipped_path(spec.entity)
    if not path.is_file():
        raise LakeError(f"there is no model of {spec.entity}: {path} is missing", f"lake train --entity {spec.entity}")
    model = load_model(path)
    try:
        model.check(spec)
    except ValueError as error:
        raise LakeError(str(error), f"lake train --entity {spec.entity}") from None
    return model


def save_model(model: Model, path: Path) -> None:
    """Write a model, one line a comparison or frequent value, so that a difference can be read; never half of one."""
    beside = path.with_name(f".{path.name}.new")
    content = model.model_dump(exclude_none=True)
    beside.write_text(json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n", "utf-8")
    beside.replace(path)
