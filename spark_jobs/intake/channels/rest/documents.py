"""JSON answers, taken apart without loss: numbers as they are written, and what is no JSON kept to be seen."""

import json
from typing import Any

from spark_jobs.intake.channels.rest.faults import Odd, Unreadable
from spark_jobs.intake.channels.rest.session import Answer


class Number(str):
    """A number as it is written."""

    __slots__ = ()


class Constant(str):
    """NaN or an infinity, which is no JSON (RFC 8259 section 6)."""

    __slots__ = ()


class Object(dict[str, Any]):
    """An object; its pairs are kept where a key stands there twice."""

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        self.pairs = pairs if len(self) < len(pairs) else None


def document(answer: Answer) -> Any:
    """What an answer says; text that is not UTF-8 has halves of surrogate pairs in the place of such bytes.

    Raises:
        Unreadable: it is no JSON.
    """
    try:
        return json.loads(
            answer.body.decode("utf-8-sig", "surrogateescape"),
            object_pairs_hook=Object,
            parse_int=Number,
            parse_float=Number,
            parse_constant=Constant,
        )
    except (ValueError, RecursionError):
        # Without its cause: that may quote the answer.
        raise Unreadable from None


def at(found: Any, place: str) -> Any:
    """What stands at a place, keys with dots between them; None where there is nothing."""
    for key in place.split("."):
        found = found.get(key) if isinstance(found, Object) else None
    return found


def elements(found: Any, records: str) -> list[Any]:
    """The elements of the arrays at an ijson prefix; null in the place of one is none.

    Raises:
        Odd: there is something else, or nothing.
    """
    step, _, rest = records.partition(".")
    if found is None:
        return []
    if step == "item" and isinstance(found, list):
        return found if not rest else [each for one in found for each in elements(one, rest)]
    if step != "item" and isinstance(found, Object) and step in found:
        return elements(found[step], rest)
    raise Odd("its answer has no array of records where the contract says", "compare records in the contract with it")


def text_of(value: Any) -> str | None:
    """A value as text; objects and arrays as JSON without white space."""
    match value:
        case None | str():
            return value if value is None else str(value)
        case bool():
            return "true" if value else "false"
        case _:
            return json_of(value)


def json_of(value: Any) -> str:
    """JSON without white space, as it was: numbers as they were written, keys as often as they stood there."""
    match value:
        case Number() | Constant():
            return str(value)
        case Object():
            pairs = value.pairs or value.items()
            return "{" + ",".join(f"{json.dumps(k, ensure_ascii=False)}:{json_of(v)}" for k, v in pairs) + "}"
        case list():
            return "[" + ",".join(map(json_of, value)) + "]"
        case _:
            return json.dumps(value, ensure_ascii=False)


def is_sound(value: Any) -> bool:
    """The value is JSON, and says nothing twice."""
    if isinstance(value, Object):
        return value.pairs is None and all(map(is_sound, value.values()))
    if isinstance(value, list):
        return all(map(is_sound, value))
    return not isinstance(value, Constant)
