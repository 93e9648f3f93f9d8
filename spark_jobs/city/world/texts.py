"""Whole columns of text, built without a loop over rows."""

from datetime import date
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

Texts = Any
"""A pyarrow string array without nulls; an absent value is the empty text."""
Ints = NDArray[np.int64]
NOBODY = -1
"""In a column of uids: none."""

SECONDS_OF_DAY = 86_400
_FIRST_DAY = np.datetime64("1900-01-01")
_LAST_DAY = np.datetime64("2101-01-01")


def joined(*parts: Any, separator: str = "") -> Texts:
    """Row by row, the parts one after the other; a part is a column or one text for all rows."""
    return pc.binary_join_element_wise(*[pa.scalar(p) if isinstance(p, str) else p for p in parts], separator)


def taken(values: Any, index: NDArray[Any]) -> Texts:
    """The values at those positions; `values` is a column or a list of texts."""
    column = pa.array(values, pa.string()) if isinstance(values, list) else values
    return column.take(pa.array(index))


def repeated(text: str, rows: int) -> Texts:
    """The same text in every row."""
    return pa.repeat(pa.scalar(text), rows)


def numbers(values: NDArray[Any], width: int = 0) -> Texts:
    """Integers in decimal, with leading zeros up to `width`."""
    texts = pc.cast(pa.array(values), pa.string())
    return pc.utf8_lpad(texts, width, padding="0") if width else texts


def fixed_width(matrix: NDArray[np.uint8]) -> Texts:
    """One text a matrix row, from its ASCII codes."""
    rows, width = matrix.shape
    offsets = np.arange(0, (rows + 1) * width, width, dtype=np.int32) if rows else np.zeros(1, np.int32)
    return pa.StringArray.from_buffers(rows, pa.py_buffer(offsets), pa.py_buffer(np.ascontiguousarray(matrix)))


def blank_where(texts: Texts, mask: NDArray[np.bool_]) -> Texts:
    """The column with empty texts where the mask holds."""
    return pc.if_else(pa.array(mask), pa.scalar(""), texts)


def replaced(texts: Texts, rows: Ints, by: Texts) -> Texts:
    """The column with other texts in those rows, which grow."""
    if not len(rows):
        return texts
    mask = np.zeros(len(texts), np.bool_)
    mask[rows] = True
    return pc.replace_with_mask(texts, pa.array(mask), by)


def amounts(cents: Ints) -> Texts:
    """Yuan with two decimals."""
    magnitude = np.abs(cents)
    hundredths = taken([f".{value:02d}" for value in range(100)], magnitude % 100)
    signs = taken(["", "-"], (cents < 0).astype(np.int8))
    return joined(signs, numbers(magnitude // 100), hundredths)


def decimals(values: NDArray[np.float64], places: int) -> Texts:
    """Numbers with so many decimals."""
    return pa.array([f"{value:.{places}f}" for value in values.tolist()], pa.string())


def day_number(day: date) -> int:
    """Days since 1900-01-01, the unit in which the city counts."""
    return int((np.datetime64(day) - _FIRST_DAY).astype(np.int64))


def dates(days: NDArray[Any], compact: bool = False) -> Texts:
    """Days since 1900-01-01 as yyyy-MM-dd, or yyyyMMdd."""
    return _day_texts(compact).take(pa.array(days))


def clock_times(seconds: NDArray[Any], compact: bool = False) -> Texts:
    """Seconds of a day as HH:mm:ss, or HHmmss."""
    return _second_texts(compact).take(pa.array(seconds))


def moments(seconds: Ints) -> Texts:
    """Seconds since 1900-01-01 as yyyy-MM-dd HH:mm:ss."""
    return joined(dates(seconds // SECONDS_OF_DAY), " ", clock_times(seconds % SECONDS_OF_DAY))


def calendar_numbers(days: NDArray[Any]) -> Ints:
    """Days since 1900-01-01 as the integers yyyymmdd."""
    found: Ints = _day_integers()[days]
    return found


def slashed_dates(days: NDArray[Any]) -> Texts:
    """Days since 1900-01-01 as yyyy/M/d, the way spreadsheets show them."""
    integer = calendar_numbers(days)
    return joined(*(numbers(part) for part in (integer // 10_000, integer // 100 % 100, integer % 100)), separator="/")


@cache
def _day_texts(compact: bool) -> Texts:
    texts = pa.array(np.datetime_as_string(np.arange(_FIRST_DAY, _LAST_DAY)).tolist(), pa.string())
    return pc.replace_substring(texts, "-", "") if compact else texts


@cache
def _day_integers() -> Ints:
    return np.array([int(text) for text in _day_texts(True).to_pylist()], np.int64)


@cache
def _second_texts(compact: bool) -> Texts:
    second = np.arange(86_400)
    parts = (numbers(part, 2) for part in (second // 3600, second // 60 % 60, second % 60))
    return joined(*parts, separator="" if compact else ":")


def texts_content(texts: Texts) -> bytes:
    """The texts in UTF-8 without anything between them; they lie so in memory."""
    offsets = memoryview(texts.buffers()[1]).cast("i")
    start, end = offsets[texts.offset], offsets[texts.offset + len(texts)]
    return bytes(memoryview(texts.buffers()[2])[start:end])
