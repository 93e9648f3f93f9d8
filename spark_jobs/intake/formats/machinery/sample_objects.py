"""Names of the values in objects of a sample file."""

from collections.abc import Iterable, Mapping
from typing import Any


def names_of(objects: Iterable[Mapping[str, Any]]) -> list[str]:
    """All names, in the order in which they first come."""
    return list(dict.fromkeys(name for each in objects for name in each))
