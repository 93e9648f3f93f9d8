"""Resident numbers as sources hold them: of eighteen digits or fifteen, on old cards, damaged, or somebody else's."""

import numpy as np
from numpy.typing import NDArray

from spark_jobs.city.mentions.damaged_numbers import (
    blank_texts,
    in_full_width,
    of_fifteen,
    shortened,
    substituted,
    symbols,
    transposed,
    zero_tailed,
)
from spark_jobs.city.mentions.feeds import LEGACY
from spark_jobs.city.mentions.marks import Marks
from spark_jobs.city.mentions.taken_down import Captures
from spark_jobs.city.world.chance import Keys, Mask, choices, happens, keys_of, weighted
from spark_jobs.city.world.people import People
from spark_jobs.city.world.texts import Ints, Texts, calendar_numbers, fixed_width, joined, numbers, replaced, taken

_KINDS = (
    *("id_transposed", "id_substituted", "id_digit_missing", "id_excel_tail", "id_full_width"),
    *("id_placeholder", "id_of_relative"),
)
_SHARES = (0.21, 0.26, 0.17, 0.19, 0.08, 0.05, 0.04)
_PLACEHOLDERS = ["111111111111111111", "000000000000000000", "123456789012345678", "999999999999999999"]
_OLD_CARD_COUNTRIES = ["USA", "JPN", "KOR", "GBR", "FRA", "RUS"]
_LAST_DAY_OF_FIFTEEN = 19990930
"""Numbers of eighteen digits are given since 1999-10-01 (GB 11643-1999)."""


def resident_ids(people: People, by: Captures, has: Mask, marks: Marks) -> Texts:
    """What the sources hold, null where they have nothing."""
    person = by.entity
    exact = symbols(people.numbers(person), 18)
    found = fixed_width(exact)
    old_card = people.is_foreign[person] & (by.time < 0.45) & happens(by.keys, "old card", 0.6)
    wrong = has & ~old_card & happens(by.keys, "number damaged", by.share("number_damaged"))
    short = has & ~old_card & ~wrong & _is_short(people, person, by)
    lower = has & ~old_card & ~wrong & ~short & ~by.is_careful & (exact[:, 17] == ord("X"))
    lower &= happens(by.keys, "lower-case x", 0.15)
    found = _damaged(people, person, np.flatnonzero(wrong), by, exact, found, marks)
    found = replaced(found, np.flatnonzero(short), of_fifteen(exact[short]))
    exact[lower, 17] = ord("x")
    found = replaced(found, np.flatnonzero(lower), fixed_width(exact[lower]))
    found = replaced(found, np.flatnonzero(old_card), _old_cards(people, person[old_card], by.seed))
    for kind, where in (("id_fifteen", short), ("id_lower_x", lower), ("id_old_card", has & old_card)):
        marks.add(kind, where)
    return blank_texts(found, has)


def _is_short(people: People, person: Ints, by: Captures) -> Mask:
    """Old systems never asked for the longer number."""
    is_old = (calendar_numbers(people.birth[person]) <= _LAST_DAY_OF_FIFTEEN) & (people.prefix[person] // 10**5 < 8)
    share = np.where(by.is_careful, 0.0, np.where(by.kind == LEGACY, 0.45, 0.015))
    return is_old & happens(by.keys, "fifteen digits", share)


def _damaged(
    people: People, person: Ints, rows: Ints, by: Captures, exact: NDArray[np.uint8], found: Texts, marks: Marks
) -> Texts:
    kind = weighted(by.keys[rows], "kind of damage to number", _SHARES)
    for number, name in enumerate(_KINDS):
        here = rows[kind == number]
        marks.add(name, here)
        found = replaced(found, here, _damage(number, people, person[here], by.keys[here], exact[here]))
    return found


def _damage(number: int, people: People, person: Ints, keys: Keys, exact: NDArray[np.uint8]) -> Texts:
    if number == 0:
        return fixed_width(transposed(exact, keys, 0, 17))
    if number == 1:
        return fixed_width(substituted(exact, keys))
    if number == 2:
        return shortened(exact, keys)
    if number == 3:
        return fixed_width(zero_tailed(exact))
    if number == 4:
        return in_full_width(fixed_width(exact))
    if number == 5:
        return taken(_PLACEHOLDERS, choices(keys, "placeholder number", len(_PLACEHOLDERS)))
    return people.numbers(people.relative[person])


def _old_cards(people: People, person: Ints, seed: int) -> Texts:
    """Cards of 2017: three letters of the country and twelve digits."""
    keys = keys_of(seed, person)
    country = taken(_OLD_CARD_COUNTRIES, choices(keys, "country", len(_OLD_CARD_COUNTRIES)))
    return joined(country, numbers(choices(keys, "old card number", 10**12), 12))
