"""What else reads each format: a module a format, by its name, with `FORMS`: what is tried, by what it is called."""

import pkgutil
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

Read = Callable[[Path, Path, list[str]], None]
"""Reads a file into Parquet of texts; the third are its columns."""


@dataclass(frozen=True)
class Tried:
    """One way to write a delivery of a format, and a peer that reads it."""

    options: dict[str, Any]
    peer: str
    read: Read | None
    """None: nothing else reads it."""
    sources: dict[str, str] = field(default_factory=dict)
    """Columns that the format calls otherwise."""
    share: float = 1.0
    """Of the rows that are asked for, where a format is slow by nature."""


def _forms() -> dict[str, Tried]:
    found: dict[str, Tried] = {}
    for module in pkgutil.iter_modules(__path__):
        found |= import_module(f"{__name__}.{module.name}").FORMS
    return found


FORMS: dict[str, Tried] = {}
"""All of them; filled in below, as the modules need what stands above."""
FORMS |= _forms()
