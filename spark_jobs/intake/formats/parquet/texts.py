"""Values of any Arrow type as texts, without loss, as the other ways into the lake write them."""

import json
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import types

_CITY = "Asia/Shanghai"
_OF_TIME_ALONE = r"\.\d+$"

To = Callable[[pa.Array], pa.Array]


class UnreadableType(Exception):  # noqa: N818
    """A column has a type that has no text."""


def texts(values: pa.Array, *, to_second: bool) -> tuple[pa.Array, list[int]]:
    r"""Texts, and the places of those that are bytes of no text, written as `\x` and hexadecimal digits.

    Args:
        values: of any type.
        to_second: times lose their fraction.

    Raises:
        UnreadableType: of any but these.
    """
    if isinstance(values, pa.ExtensionArray):
        values = values.storage
    if types.is_dictionary(values.type):
        values = values.dictionary_decode()
    if _is_bytes(values.type):
        return _of_bytes(values)
    found = next((to for fits, to in _KINDS if fits(values.type)), None)
    if found is None:
        raise UnreadableType(str(values.type))
    converted = found(values)
    return (pc.replace_substring_regex(converted, _OF_TIME_ALONE, "") if _cuts(values, to_second) else converted), []


def _cuts(values: pa.Array, to_second: bool) -> bool:
    return to_second and types.is_timestamp(values.type)


def _is_bytes(kind: pa.DataType) -> bool:
    """Texts too, which nobody has checked to be such."""
    fits = (types.is_string, types.is_large_string, types.is_string_view, types.is_binary, types.is_large_binary)
    return any(each(kind) for each in fits) or types.is_binary_view(kind)


def _of_bytes(values: pa.Array) -> tuple[pa.Array, list[int]]:
    try:
        if values.type == pa.string():
            values.validate(full=True)
            return values, []
        raw = values.cast(pa.large_binary()).cast(pa.binary())
        return raw.cast(pa.string()), []
    except pa.ArrowInvalid:
        raw = values.cast(pa.large_binary()).cast(pa.binary())
    found: list[str | None] = []
    bad: list[int] = []
    for place, value in enumerate(raw.to_pylist()):
        try:
            found.append(value and value.decode())
        except UnicodeDecodeError:
            bad.append(place)
            found.append(_hexadecimal(value))
    return pa.array([text if text is None else str(text or "") for text in found], pa.string()), bad


def _hexadecimal(value: bytes) -> str:
    return f"\\x{value.hex()}"


def _of_numbers(values: pa.Array) -> pa.Array:
    """Digits, without the exponent that Arrow writes for large and small ones."""
    found = values.cast(pa.string())
    has_exponent = pc.fill_null(pc.match_substring_regex(found, r"\d[eE]"), False)
    if not pc.any(has_exponent).as_py():
        return found
    plain = [format(Decimal(text), "f") for text in found.filter(has_exponent).to_pylist()]
    return pc.replace_with_mask(found, has_exponent, pa.array(plain, pa.string()))


def _of_halves(values: pa.Array) -> pa.Array:
    return _of_numbers(values.cast(pa.float32()))


def _of_truth(values: pa.Array) -> pa.Array:
    return values.cast(pa.int8()).cast(pa.string())


def _as_text(values: pa.Array) -> pa.Array:
    return values.cast(pa.string())


def _of_moments(values: pa.Array) -> pa.Array:
    """Wall-clock time, fraction without zeros at its end; of a year that no calendar has, the number."""
    if values.type.tz is not None:
        values = pc.local_timestamp(values.cast(pa.timestamp(values.type.unit, _CITY)))
    return _without_zeros(values)


def _without_zeros(values: pa.Array) -> pa.Array:
    found = pc.replace_substring_regex(values.cast(pa.string()), r"(\.\d*?)0+$", r"\1")
    found = pc.replace_substring_regex(found, r"\.$", "")
    is_odd = pc.fill_null(pc.starts_with(found, "<"), False)
    return pc.if_else(is_odd, values.cast(pa.int64()).cast(pa.string()), found) if pc.any(is_odd).as_py() else found


def _of_fixed_bytes(values: pa.Array) -> pa.Array:
    return pa.array([value if value is None else _hexadecimal(value) for value in values.to_pylist()], pa.string())


def _of_spans(values: pa.Array) -> pa.Array:
    return values.cast(pa.int64()).cast(pa.string())


def _of_nested(values: pa.Array) -> pa.Array:
    return pa.array([value if value is None else _json(value) for value in values.to_pylist()], pa.string())


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=_plain)


def _plain(value: object) -> str:
    """What JSON has not: days, times, decimals, bytes."""
    match value:
        case Decimal():
            return format(value, "f")
        case datetime():
            return value.isoformat(" ")
        case date() | time():
            return value.isoformat()
        case bytes():
            return value.decode("utf-8", "backslashreplace")
        case timedelta():
            return str(value.total_seconds())
    return str(value)


_KINDS: tuple[tuple[Callable[[pa.DataType], bool], To], ...] = (
    (types.is_null, lambda values: pa.nulls(len(values), pa.string())),
    (types.is_boolean, _of_truth),
    (types.is_integer, _as_text),
    (types.is_float16, _of_halves),
    (types.is_floating, _of_numbers),
    (types.is_decimal, _of_numbers),
    (types.is_date, _as_text),
    (types.is_timestamp, _of_moments),
    (types.is_time, _without_zeros),
    (types.is_duration, _of_spans),
    (types.is_fixed_size_binary, _of_fixed_bytes),
    (types.is_nested, _of_nested),
)
