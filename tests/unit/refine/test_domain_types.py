"""A domain type is its YAML, its parser and its sample, each found by its name; none is without the others."""

import pkgutil
from importlib import import_module
from types import ModuleType

from expectations import sample_values
from expectations.domain_types import load_domain_types
from spark_jobs.refine import fields
from spark_jobs.refine.fields import PARSERS

SHARED = {"moments"}
"""Modules whose function is for several types."""


def having(package: ModuleType, function: str) -> set[str]:
    """Names of the package's modules that have the function."""
    names = {each.name for each in pkgutil.iter_modules(package.__path__)} - SHARED
    return {name for name in names if hasattr(import_module(f"{package.__name__}.{name}"), function)}


def test_every_type_has_its_parser_and_its_sample() -> None:
    types = set(load_domain_types())
    assert len(types) >= 15
    assert having(fields, "parse") == set(PARSERS) == types
    assert having(sample_values, "sample") == types


def test_codes_of_breaches_and_notes_are_one_type_s_alone() -> None:
    codes = [code for each in load_domain_types().values() for code in (*each.breaches, *each.notes)]
    assert len(codes) == len(set(codes))
