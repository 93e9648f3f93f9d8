"""What JSON texts of one shape have in common: all that stands between their values."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

Path = tuple[str | int, ...]
"""Keys of objects and places in arrays that lead to a value."""

_TOKEN = re.compile(
    rb'(?P<key>"[^"]*")[ \t\r\n]*:|(?P<value>"[^"]*"|[^\s"{}\[\]:,]+)|(?P<opens>[{\[])|(?P<closes>[}\]])|(?P<comma>,)'
)


class Slot(NamedTuple):
    """A value and what is known of it."""

    before: bytes
    """What stands from the end of the value before to the value; quotation marks are no part of a value."""
    path: Path
    is_string: bool


@dataclass(frozen=True)
class Shape:
    """What texts have in common."""

    slots: tuple[Slot, ...]
    end: bytes
    """What stands behind the last value."""

    @cached_property
    def quotes(self) -> int:
        """Quotation marks of a text."""
        return sum(slot.before.count(b'"') for slot in self.slots) + self.end.count(b'"')

    @property
    def paths(self) -> tuple[Path, ...]:
        """Where the values are."""
        return tuple(slot.path for slot in self.slots)


def shape_of(text: bytes, fixed: Collection[Path] = ()) -> Shape:
    """The shape of a text that is known to be JSON, and to have no escapes; values at `fixed` are part of it."""
    slots: list[Slot] = []
    end = 0
    for path, start, after in _values(text):
        if path not in fixed:
            is_string = text[start : start + 1] == b'"'
            slots.append(Slot(text[end : start + is_string], path, is_string))
            end = after - is_string
    return Shape(tuple(slots), text[end:])


def _values(text: bytes) -> Iterator[tuple[Path, int, int]]:
    """Texts, numbers and words: where they are, begin and end."""
    path: list[str | int] = []
    for token in _TOKEN.finditer(text):
        if token.lastgroup == "key":
            path[-1] = token["key"][1:-1].decode()
        elif token.lastgroup == "value":
            yield tuple(path), *token.span()
        elif token.lastgroup == "opens":
            path.append(0)
        elif token.lastgroup == "closes":
            path.pop()
        elif isinstance(path[-1], int):
            path[-1] += 1
