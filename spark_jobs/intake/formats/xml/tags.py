"""Where the tags of XML text stand, and how deep: by angle brackets alone, many at once."""

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from expectations.rejections import DeliveryRejected
from spark_jobs.intake.formats.machinery.charset import Positions

Mask = NDArray[np.bool_]

_LT, _GT, _SLASH, _DOUBLE, _SINGLE = b"<>/\"'"
_OPENS = re.compile(rb"<!--|<!\[CDATA\[|<\?|<!")
_CLOSES = {b"<!--": b"-->", b"<![CDATA[": b"]]>", b"<?": b"?>"}
_TAG = re.compile(rb"<[^<>\"']*+(?:\"[^\"<]*+\"[^<>\"']*+|'[^'<]*+'[^<>\"']*+)*>")
_NAME = re.compile(rb"</?(?:[^\s<>/:]*:)?([^\s<>/:]*)")


@dataclass(frozen=True)
class Tags:
    """The tags of some text, in order."""

    text: bytes
    starts: Positions
    ends: Positions
    """Behind each."""
    levels: Positions
    """Level of the element of each; the root's is 1."""
    is_end: Mask
    is_empty: Mask
    """An element that is one tag."""
    whole: int
    """Bytes up to the first that is not whole, or all."""
    depth: int
    """How many elements are open there."""

    def name(self, place: int) -> bytes:
        """The local name of one."""
        found = _NAME.match(self.text, int(self.starts[place]))
        return found[1] if found else b""


def tags(text: bytes, depth: int) -> Tags:
    """The tags of a text that begins outside of any, as far as they are whole.

    Args:
        text: UTF-8.
        depth: how many elements are open where it begins.

    Raises:
        DeliveryRejected: `content_mismatch`: there is a DTD, of which nothing is read.
    """
    plain, end = _without_markup(text)
    codes = np.frombuffer(plain, np.uint8)[:end]
    starts = np.flatnonzero(codes == _LT)
    ends, whole = _ends(plain, codes, starts)
    starts = starts[: len(ends)]
    is_end = codes[np.minimum(starts + 1, max(len(codes) - 1, 0))] == _SLASH
    is_empty = ~is_end & (codes[np.maximum(ends - 2, 0)] == _SLASH) if len(ends) else is_end
    depths = depth + np.cumsum(np.where(is_end, -1, np.where(is_empty, 0, 1)))
    levels = depths + (is_end | is_empty)
    return Tags(plain, starts, ends, levels, is_end, is_empty, whole, int(depths[-1]) if len(depths) else depth)


def _without_markup(text: bytes) -> tuple[bytes, int]:
    """The text with comments, CDATA and instructions blanked out, and where one begins that does not end in it."""
    if b"<!" not in text and b"<?" not in text:
        return text, len(text)
    parts: list[bytes] = []
    at = 0
    while found := _OPENS.search(text, at):
        mark = found[0]
        if mark == b"<!" and not any(each.startswith(text[found.start() :][:9]) for each in _CLOSES):
            raise DeliveryRejected("content_mismatch", expected="xml", actual="含有 DTD 或实体声明的 XML")
        closed = text.find(_CLOSES[mark], found.end()) if mark in _CLOSES else -1
        if closed < 0:
            return b"".join([*parts, text[at:]]), found.start()
        end = closed + len(_CLOSES[mark])
        parts += [text[at : found.start()], b" " * (end - found.start())]
        at = end
    return b"".join([*parts, text[at:]]), len(text)


def _ends(text: bytes, codes: NDArray[np.uint8], starts: Positions) -> tuple[Positions, int]:
    """Where the tags end that begin there, the last of which may not, and how much of the text that makes whole."""
    closing = np.flatnonzero(codes == _GT)
    places = np.searchsorted(closing, starts)
    known = places < len(closing)
    ends = np.append(closing, len(codes) - 1)[places] + 1
    for place in np.flatnonzero(known & _may_hold_bracket(codes, starts, ends)).tolist():
        found = _TAG.match(text, int(starts[place]), len(codes))
        if found:
            ends[place] = found.end()
        elif place == len(starts) - 1:
            known[place] = False
    if known.all():
        return ends, len(codes)
    first = int(np.argmin(known))
    return ends[:first], int(starts[first])


def _may_hold_bracket(codes: NDArray[np.uint8], starts: Positions, ends: Positions) -> Mask:
    """Which tags seem to end within an attribute's value: an odd number of quotes, or quotes of both kinds."""
    counts = []
    for quote in (_DOUBLE, _SINGLE):
        quotes = np.flatnonzero(codes == quote)
        counts.append(np.searchsorted(quotes, ends) - np.searchsorted(quotes, starts))
    double, single = counts
    odd: Mask = (double % 2 == 1) | (single % 2 == 1) | ((double > 0) & (single > 0))
    return odd
