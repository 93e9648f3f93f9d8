"""Which character is taken for which: by sound, by shape, and in the traditional script."""

from collections import defaultdict
from dataclasses import dataclass
from functools import cache

import numpy as np
import opencc  # type: ignore[import-untyped]
from numpy.typing import NDArray
from pypinyin import Style, pinyin

from spark_jobs.city.world.chance import Floats
from spark_jobs.city.world.names import given_characters, surnames
from spark_jobs.city.world.tables import read_table

Codes = NDArray[np.uint32]
"""Unicode code points."""

_CODE_POINTS = 0x30000
_SURNAME_READINGS = {
    "单": "shan",
    "曾": "zeng",
    "仇": "qiu",
    "解": "xie",
    "区": "ou",
    "查": "zha",
    "任": "ren",
    "华": "hua",
}


@dataclass(frozen=True)
class Slips:
    """For every code point, the code points that may stand in its place."""

    starts: NDArray[np.int32]
    counts: NDArray[np.int16]
    others: Codes

    def has(self, codes: Codes) -> NDArray[np.bool_]:
        """Where there is something to be taken for."""
        found: NDArray[np.bool_] = self.counts[codes] > 0
        return found

    def of(self, codes: Codes, chance: Floats) -> Codes:
        """One of the others by chance, the code point itself where there is none."""
        place = self.starts[codes] + (chance * self.counts[codes]).astype(np.int64)
        return np.where(self.has(codes), self.others[np.minimum(place, len(self.others) - 1)], codes).astype(np.uint32)


def _slips(pairs: dict[str, list[str]]) -> Slips:
    starts = np.zeros(_CODE_POINTS, np.int32)
    counts = np.zeros(_CODE_POINTS, np.int16)
    others: list[int] = []
    for character, found in pairs.items():
        starts[ord(character)], counts[ord(character)] = len(others), len(found)
        others += [ord(other) for other in found]
    return Slips(starts, counts, np.array(others, np.uint32))


@cache
def homophones() -> Slips:
    """Characters of the same syllable whatever the tone, among those that an input method offers first.

    An input method orders by frequency; the characters of names and the 3,755 of level one of GB 2312 stand for it.
    """
    return _homophones_of(_used_in_names())


@cache
def common_homophones() -> Slips:
    """The same for the characters of firms' names, which are no names of people."""
    return _homophones_of(list(dict.fromkeys([*_level_one(), *_used_in_names()])))


def _homophones_of(used: list[str]) -> Slips:
    by_sound: dict[str, list[str]] = defaultdict(list)
    for character in dict.fromkeys([*used, *_level_one()]):
        by_sound[_sound(character)].append(character)
    return _slips({c: [o for o in by_sound[_sound(c)] if o != c][:9] for c in used})


def _level_one() -> list[str]:
    """The 3,755 characters of level one of GB 2312."""
    rows = [bytes((high, low)).decode("gb2312", "ignore") for high in range(0xB0, 0xD8) for low in range(0xA1, 0xFF)]
    return [character for character in rows if character]


def _sound(character: str) -> str:
    return _SURNAME_READINGS.get(character) or str(pinyin(character, style=Style.NORMAL)[0][0])


def _used_in_names() -> list[str]:
    texts = surnames()[0].to_pylist() + given_characters().to_pylist()
    return list(dict.fromkeys("".join(texts)))


@cache
def lookalikes() -> Slips:
    """Characters of similar shape, both ways."""
    pairs: dict[str, list[str]] = defaultdict(list)
    for row in read_table("lookalikes.csv"):
        one, other = row["character"], row["looks_like"]
        pairs[one].append(other)
        pairs[other].append(one)
    return _slips(pairs)


@cache
def traditional() -> Slips:
    """The traditional form of a simplified character, where it differs."""
    convert = opencc.OpenCC("s2t").convert
    forms = {character: convert(character) for character in dict.fromkeys([*_used_in_names(), *_level_one()])}
    return _slips({c: [form] for c, form in forms.items() if len(form) == 1 and form != c})
