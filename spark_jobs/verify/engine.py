"""Great Expectations, imported late and light, without telemetry."""

import os
import sys
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from types import ModuleType
from typing import Any

from spark_jobs.lake.server.discretion import silence_library

_UNUSED = ("altair", "scipy.stats")
"""Charts and one statistical expectation; importing them is half of Great Expectations' own 6.5 s of processor time,
and each verify of a night would pay it."""


_CONFIGURATIONS_KEPT = 64
"""Of the expectations that were asked last; a suite has up to 35."""


class _Placeholder(ModuleType):
    """Stands in for a module that is named at import but not used."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return type(name, (), {})


@cache
def great_expectations() -> Any:
    """The module `great_expectations`, which sends no usage statistics and fetches no values."""
    # Release 1.24.1 has no telemetry left; earlier and perhaps later ones obey this.
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    with _placeholders():
        import great_expectations as gx
        from great_expectations.expectations.expectation import ColumnMapExpectation, Expectation
    _ask_for_counts_only(ColumnMapExpectation)
    _make_configuration_once(Expectation)
    # Its log quotes the message of what could not be evaluated, and so perhaps a value; the result says that it failed.
    silence_library("great_expectations")
    return gx


def _ask_for_counts_only(expectation: Any) -> None:
    """Take the metric of unexpected values away from all expectations on single columns.

    Release 1.24 runs a query for it even where the result is to hold no value: a query an expectation instead of
    two altogether, and personal values would be one setting away from the result.
    """
    ask = expectation.get_validation_dependencies

    def ask_for_counts(self: Any, *args: Any, **kwargs: Any) -> Any:
        wanted = ask(self, *args, **kwargs)
        for name in [name for name in wanted.metric_configurations if name.endswith(".unexpected_values")]:
            wanted.remove_metric_configuration(name)
        return wanted

    expectation.get_validation_dependencies = ask_for_counts


def _make_configuration_once(expectation: Any) -> None:
    """Keep the configuration of an expectation, which does not change once it is made.

    Release 1.24 makes it anew, by way of pydantic, eighty times for each expectation: a third of what a suite costs.
    """
    make = expectation.configuration.fget
    kept: OrderedDict[int, tuple[Any, Any]] = OrderedDict()

    def configuration(self: Any) -> Any:
        # Expectations have no hash. Who is kept is still there, and nobody else has its place in memory.
        found = kept.get(id(self))
        if found is None:
            found = kept[id(self)] = (self, make(self))
            if len(kept) > _CONFIGURATIONS_KEPT:
                kept.popitem(last=False)
        return found[1]

    expectation.configuration = property(configuration)


@contextmanager
def _placeholders() -> Iterator[None]:
    """Within the block the unused modules, unless loaded already, are empty; afterwards anyone may load them."""
    names = [name for name in _UNUSED if name not in sys.modules]
    sys.modules.update({name: _Placeholder(name) for name in names})
    try:
        yield
    finally:
        for name in names:
            del sys.modules[name]
