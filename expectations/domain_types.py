"""Domain types: what kinds of values columns hold, and every way in which a value can be wrong."""

from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field

from expectations.severity import Severity

_FILE = Path(__file__).with_name("domain_types.yml")


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Breach(_Frozen):
    """One way in which a value or a row can be wrong."""

    severity: Severity
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
    breaches: dict[str, Breach] = Field(default_factory=dict)
    notes: dict[str, str] = Field(default_factory=dict)
    """Normalisations that are applied and logged, by code."""


class _DomainTypesFile(_Frozen):
    every_row: dict[str, Breach]
    types: dict[str, DomainType]


@cache
def _load() -> _DomainTypesFile:
    return _DomainTypesFile.model_validate(yaml.load(_FILE.read_text("utf-8"), Loader=yaml.CSafeLoader))


@cache
def load_domain_types() -> dict[str, DomainType]:
    """All domain types by name."""
    return _load().types


BREACHES_OF_EVERY_ROW: dict[str, Breach] = _load().every_row
"""Reasons that any row of any feed can have: its shape, its bytes, an absent required value."""
