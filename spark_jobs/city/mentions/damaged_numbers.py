"""How identifiers and telephone numbers go wrong, on matrices of ASCII codes."""

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from spark_jobs.city.world.chance import Keys, chances, choices
from spark_jobs.city.world.texts import Ints, Texts, fixed_width

Symbols = NDArray[np.uint8]

_FULL_WIDTH = {ord(c): ord(c) - 0x20 + 0xFF00 for c in "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"}


def symbols(texts: Texts, width: int) -> Symbols:
    """One row a text; all texts have that many characters, all ASCII."""
    offset = texts.offset * width
    content = np.frombuffer(texts.buffers()[2], np.uint8)[offset : offset + len(texts) * width]
    return content.reshape(len(texts), width).copy()


def transposed(matrix: Symbols, keys: Keys, first: int, last: int) -> Symbols:
    """Two unlike neighbours between those places changed places."""
    place = np.arange(first, last)
    unlike = matrix[:, first:last] != matrix[:, first + 1 : last + 1]
    order = (chances(keys, "place of transposition")[:, None] * 5.7 + place * 0.618) % 1
    chosen = first + np.where(unlike, 1 + order, 0).argmax(axis=1)
    rows = np.arange(len(matrix))
    changed = matrix.copy()
    changed[rows, chosen], changed[rows, chosen + 1] = matrix[rows, chosen + 1], matrix[rows, chosen]
    return changed


def substituted(matrix: Symbols, keys: Keys, first: int = 0) -> Symbols:
    """One digit is another digit."""
    rows = np.arange(len(matrix))
    place = first + choices(keys, "place of substitution", matrix.shape[1] - 1 - first)
    digit = (matrix[rows, place] - ord("0")) % 10
    changed = matrix.copy()
    changed[rows, place] = (digit + 1 + choices(keys, "digit", 9)) % 10 + ord("0")
    return changed


def shortened(matrix: Symbols, keys: Keys) -> Texts:
    """One symbol is missing."""
    place = choices(keys, "place of omission", matrix.shape[1])
    kept = np.arange(matrix.shape[1])[None, :] != place[:, None]
    return fixed_width(matrix[kept].reshape(len(matrix), matrix.shape[1] - 1))


def zero_tailed(matrix: Symbols) -> Symbols:
    """As a spreadsheet keeps it that took the number for a number: fifteen digits, then zeros."""
    changed = matrix.copy()
    changed[:, 15:] = ord("0")
    return changed


def of_fifteen(matrix: Symbols) -> Texts:
    """The number as before 1999: no century, no check digit."""
    return fixed_width(np.delete(matrix, [6, 7, 17], axis=1))


def in_full_width(texts: Texts) -> Texts:
    """Digits and letters of full width."""
    return pa.array([text.translate(_FULL_WIDTH) for text in texts.to_pylist()], pa.string())


def with_wrong_digit(values: Ints, wrong: Any, keys: Keys) -> Ints:
    """Numbers of eleven digits in some of which one digit, never of the first three, is another."""
    power = 10 ** choices(keys, "place in mobile", 8)
    digit = values // power % 10
    other = (digit + 1 + choices(keys, "digit of mobile", 9)) % 10
    return np.where(wrong, values + (other - digit) * power, values)


def blank_texts(texts: Texts, keep: Any) -> Texts:
    """Null where the mask does not hold."""
    return pc.if_else(pa.array(keep), texts, pa.scalar(None, pa.string()))
