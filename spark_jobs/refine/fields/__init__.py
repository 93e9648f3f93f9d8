"""One parser for each domain type: the module of its name, with `parse` and, where it has a short way, `plain`."""

from importlib import import_module
from types import ModuleType

from expectations.domain_types import load_domain_types
from spark_jobs.refine.fields.parsed import Parser, PlainReader


def _module(kind: str) -> ModuleType:
    return import_module(f"{__name__}.{kind}")


PARSERS: dict[str, Parser] = {kind: _module(kind).parse for kind in load_domain_types()}
"""Domain type -> parser."""

PLAIN_READERS: dict[str, PlainReader] = {
    kind: _module(kind).plain for kind in load_domain_types() if hasattr(_module(kind), "plain")
}
"""Domain type -> its short way; a type without one goes the long way always."""
