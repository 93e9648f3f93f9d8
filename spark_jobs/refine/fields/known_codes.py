"""Code lists that fields are checked against, as plain sets: read once, outside, and handed in."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Span:
    """When a code was in force, in months as yyyyMM."""

    since: str
    """First edition that has it."""
    until: str
    """First edition that has it no more."""


@dataclass(frozen=True)
class KnownCodes:
    """Every code list that conform needs."""

    divisions: Mapping[str, Span]
    """Codes of 6, 9 and 12 digits (GB/T 2260, GB/T 10114, NBS, MCA) with the time they were in force."""
    placeholders: frozenset[str]
    """Six-digit codes that never named a county: provinces, prefectures, 市辖区 and the like."""
    countries: frozenset[str]
    """Three-digit country codes of ISO 3166-1."""
    tables: Mapping[str, frozenset[str]]
    """Codes of each code table by the name of its seed."""
