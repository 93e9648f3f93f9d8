"""Domain types: what kinds of values columns hold, a file each, and every way in which a value can be wrong."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field

from expectations.dimensions import Dimension
from expectations.severity import Severity

_FOLDER = Path(__file__).parent


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Breach(_Frozen):
    """One way in which a value or a row can be wrong."""

    severity: Severity
    dimension: Dimension
    message: str
    """What is wrong, in Chinese."""
    fix: str
    """What the department should do, in Chinese."""


class DomainType(_Frozen):
    """A named kind of value."""

    title: str
    standard: str | None = None
    """Number and clause of the standard that defines it."""
    spark: str
    """Type of the silver column."""
    length: int | None = Field(default=None, gt=0)
    """Most characters of a value, where the standard fixes it."""
    breaches: dict[str, Breach] = Field(default_factory=dict)
    notes: dict[str, str] = Field(default_factory=dict)
    """Normalisations that are applied and logged, by code."""


def _read(path: Path) -> Any:
    return yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)


@cache
def load_domain_types() -> dict[str, DomainType]:
    """All domain types by name: that of the file, sorted."""
    return {path.stem: DomainType.model_validate(_read(path)) for path in sorted(_FOLDER.glob("*.yml"))}


BREACHES_OF_EVERY_ROW: dict[str, Breach] = {
    code: Breach.model_validate(breach) for code, breach in _read(_FOLDER.with_name("row_breaches.yml")).items()
}
"""Reasons that any row of any feed can have: its shape, its bytes, an absent required value."""
