"""JSON without loss: numbers stay as they are written, and what could be meant in two ways is refused."""

import json
from typing import Any

from spark_jobs.intake.formats.machinery.named_values import NotARecordError, Number


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """The object, unless it has a key twice: which value is meant would be a guess (RFC 8259 section 4)."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise NotARecordError
    return found


def _refuse_constant(_: str) -> None:
    """NaN and Infinity are not JSON (RFC 8259 section 6)."""
    raise NotARecordError


_DECODER = json.JSONDecoder(
    object_pairs_hook=_unique, parse_int=Number, parse_float=Number, parse_constant=_refuse_constant
)


def parsed(text: str) -> Any:
    """What the text says, numbers as they are written.

    Raises:
        json.JSONDecodeError: a fault of syntax.
        NotARecordError: a key twice in one object, NaN or Infinity.
        RecursionError: it is nested too deeply.
    """
    return _DECODER.decode(text)
