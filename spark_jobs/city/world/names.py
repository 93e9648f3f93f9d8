"""Names of people: surnames by their frequency, given names by generation and sex, names of foreigners."""

from functools import cache

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from spark_jobs.city.world.chance import Floats, Keys, Mask, choices
from spark_jobs.city.world.tables import read_table
from spark_jobs.city.world.texts import Ints, Texts, joined, taken

RARE_CHARACTERS = "䶮𬱖𫚖𤩽"
"""Characters of real given names that GBK lacks; the last three take four bytes in GB 18030 and in UTF-8."""

NO_CHARACTER = 0
"""Position of the empty text in `given_characters`."""

_COHORTS = (19600000, 19800000, 20000000)
_COMMON_SHARE = 0.45
"""Of the given characters, those outside the fashion of their cohort."""
_RARE_SHARE = 0.003
_COMPOUND_SHARE = 0.006
"""Of the people, those with a surname of two characters (63 such surnames are in use)."""
_SINGLE_SHARES = np.array([0.06, 0.22, 0.20, 0.08])
"""Of the people of each cohort, those with a given name of one character."""


@cache
def _groups() -> tuple[list[str], list[tuple[NDArray[np.int64], Floats]]]:
    """All given characters, and per cohort and sex the positions in use with their cumulative share."""
    common = {row["sex_code"]: row["characters"] for row in read_table("name_characters.csv") if row["use"] == "common"}
    fashions = [(row["sex_code"], row["characters"]) for row in read_table("given_characters.csv")]
    every = dict.fromkeys("".join([*common.values(), *(text for _, text in fashions)]) + RARE_CHARACTERS)
    place = {character: i + 1 for i, character in enumerate(every)}
    groups = []
    for sex, text in fashions:
        first, then = list(dict.fromkeys(text)), list(dict.fromkeys(common["0"] + common[sex]))
        ranks = np.concatenate([_by_rank(len(first)) * (1 - _COMMON_SHARE), _by_rank(len(then)) * _COMMON_SHARE])
        groups.append((np.array([place[c] for c in first + then], np.int64), np.cumsum(ranks)))
    return ["", *every], groups


def _by_rank(count: int) -> Floats:
    """Shares that fall with the rank (Zipf and Mandelbrot), as counted name characters do."""
    weights = 1 / (np.arange(count) + 6.0)
    shares: Floats = weights / weights.sum()
    return shares


def given_characters() -> Texts:
    """Every character of given names, the empty text first."""
    return pa.array(_groups()[0], pa.string())


def draw_given_characters(rng: np.random.Generator, births: Ints, sexes: Ints) -> tuple[Ints, Ints]:
    """Positions of the first and the second given character, the second NO_CHARACTER in names of one.

    Args:
        rng: source of chance.
        births: yyyymmdd.
        sexes: 1 man, 2 woman.
    """
    cohort = np.searchsorted(_COHORTS, births)
    rows = len(births)
    drawn = np.zeros((2, rows), np.int64)
    for number, (places, bounds) in enumerate(_groups()[1]):
        members = np.flatnonzero(cohort * 2 + (sexes - 1) == number)
        chosen = np.searchsorted(bounds, rng.random((2, len(members))) * bounds[-1], side="right")
        drawn[:, members] = places[np.minimum(chosen, len(places) - 1)]
    first, second = drawn
    is_rare = rng.random(rows) < _RARE_SHARE
    rares = np.array([_groups()[0].index(c) for c in RARE_CHARACTERS], np.int64)
    second = np.where(is_rare, rng.choice(rares, rows), second)
    is_single = (rng.random(rows) < _SINGLE_SHARES[cohort]) & ~is_rare
    return first, np.where(is_single | (first == second), NO_CHARACTER, second)


@cache
def surnames() -> tuple[Texts, Floats]:
    """Surnames of one character and of two, and the cumulative share of people who bear them."""
    rows = read_table("surnames.csv")
    weights = np.cumsum([float(row["weight_percent"]) for row in rows])
    bounds = weights / weights[-1]
    text = next(row["characters"] for row in read_table("name_characters.csv") if row["use"] == "compound_surname")
    compounds = [text[i : i + 2] for i in range(0, len(text), 2)]
    tail = 1 - _COMPOUND_SHARE * (1 - np.arange(1, len(compounds) + 1) / len(compounds))
    names = pa.array([*(row["surname"] for row in rows), *compounds], pa.string())
    return names, np.concatenate([bounds * (1 - _COMPOUND_SHARE), tail])


def draw_surnames(rng: np.random.Generator, rows: int) -> Ints:
    """Positions in `surnames`, drawn by frequency."""
    return np.searchsorted(surnames()[1][:-1], rng.random(rows), side="right").astype(np.int64)


@cache
def foreign_names() -> Texts:
    """Names of foreigners in Chinese characters, given and family name parted by a dot."""
    words = {row["use"]: row["characters"].split() for row in read_table("name_characters.csv")}
    return pa.array([f"{g}·{f}" for g in words["foreign_given"] for f in words["foreign_family"]], pa.string())


def names_of(surname: Ints, first_given: Ints, second_given: Ints) -> Texts:
    """Chinese names from positions in `surnames` and `given_characters`."""
    given = given_characters()
    return joined(taken(surnames()[0], surname), taken(given, first_given), taken(given, second_given))


def any_names(keys: Keys) -> Texts:
    """A Chinese name for each key: of people of whom no more than their name is known."""
    surname = np.searchsorted(surnames()[1][:-1], choices(keys, "surname", 10**9) / 1e9, side="right")
    count = len(given_characters())
    return names_of(surname, 1 + choices(keys, "first given", count - 1), choices(keys, "second given", count))


def fit_gbk(surname: Ints, first_given: Ints, second_given: Ints) -> Mask:
    """Names that have no character that GBK lacks."""
    of_surnames, of_given = (
        np.array([_fits(t) for t in texts.to_pylist()]) for texts in (surnames()[0], given_characters())
    )
    fits: Mask = of_surnames[surname] & of_given[first_given] & of_given[second_given]
    return fits


def _fits(text: str) -> bool:
    try:
        text.encode("gbk")
    except UnicodeEncodeError:
        return False
    return True
