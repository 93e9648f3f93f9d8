"""Names of people: surnames by their frequency, given names as their generation gave them."""

from dataclasses import dataclass
from functools import cache

import numpy as np
import pyarrow as pa

from spark_jobs.city.world.places import read_table
from spark_jobs.city.world.texts import Ints, Texts, calendar_numbers

RARE_CHARACTERS = "䶮𬱖𫚖𤩽"
"""Characters of real given names that GBK lacks; the last three take four bytes in GB 18030 and in UTF-8."""

FOREIGN_NAMES = ["约翰·史密斯", "玛丽·布朗", "佐藤健一", "金秀贤", "安娜·米勒", "大卫·琼斯", "田中美咲", "朴智妍"]

_RARE_SHARE = 0.003
_SINGLE_SHARE = 0.15


@dataclass(frozen=True)
class _GivenNames:
    texts: Texts
    singles: list[tuple[int, int]]
    """Per cohort and sex: first position and how many, of names of one character."""
    doubles: list[tuple[int, int]]
    rares: tuple[int, int]


@cache
def _given_names() -> _GivenNames:
    texts: list[str] = []
    singles, doubles = [], []
    for row in read_table("given_characters.csv"):
        characters = list(dict.fromkeys(row["characters"]))
        singles.append((len(texts), len(characters)))
        texts += characters
        pairs = [a + b for a in characters for b in characters if a != b]
        doubles.append((len(texts), len(pairs)))
        texts += pairs
    start = len(texts)
    texts += [first + rare for rare in RARE_CHARACTERS for first in "永志子文思小"] + list(RARE_CHARACTERS)
    return _GivenNames(pa.array(texts, pa.string()), singles, doubles, (start, len(texts) - start))


@cache
def surnames() -> tuple[Texts, np.ndarray[tuple[int], np.dtype[np.float64]]]:
    """Surnames and the cumulative share of people who bear them."""
    rows = read_table("surnames.csv")
    weights = np.cumsum([float(row["weight_percent"]) for row in rows])
    return pa.array([row["surname"] for row in rows], pa.string()), weights / weights[-1]


def draw_surnames(rng: np.random.Generator, rows: int) -> Ints:
    """Positions in `surnames`, drawn by frequency."""
    return np.searchsorted(surnames()[1], rng.random(rows), side="right").astype(np.int64)


def draw_given_names(rng: np.random.Generator, births: Ints, sexes: Ints) -> tuple[Texts, Ints]:
    """Given names by birth year and sex, and which of them hold a rare character (1)."""
    names = _given_names()
    cohorts = np.searchsorted([19600000, 19800000, 20000000], calendar_numbers(births))
    group = cohorts * 2 + (sexes - 1)
    is_single = rng.random(len(births)) < _SINGLE_SHARE
    starts, counts = np.array([names.doubles, names.singles], np.int64).transpose(2, 0, 1)
    kind = is_single.astype(np.int64)
    chosen = starts[kind, group] + (rng.random(len(births)) * counts[kind, group]).astype(np.int64)
    is_rare = rng.random(len(births)) < _RARE_SHARE
    rare = names.rares[0] + rng.integers(0, names.rares[1], len(births))
    return names.texts.take(pa.array(np.where(is_rare, rare, chosen))), is_rare.astype(np.int64)
