"""Numbers of firms as sources hold them: the social credit code, and what there was before it."""

import numpy as np
import pyarrow.compute as pc
from numpy.typing import NDArray

from spark_jobs.city.mentions.damaged_numbers import (
    Symbols,
    blank_texts,
    in_full_width,
    shortened,
    substituted,
    symbols,
    transposed,
)
from spark_jobs.city.mentions.feeds import COUNTER, LEGACY, LIST, REGISTER, SCANNED
from spark_jobs.city.mentions.marks import Marks
from spark_jobs.city.mentions.taken_down import Captures
from spark_jobs.city.world.chance import Keys, Mask, choices, happens, weighted
from spark_jobs.city.world.firms import Firms
from spark_jobs.city.world.texts import Texts, fixed_width, joined, replaced

_KINDS = ("uscc_confused_symbol", "uscc_transposed", "uscc_substituted", "uscc_symbol_missing", "uscc_full_width")
_SHARES = (0.32, 0.20, 0.26, 0.14, 0.08)
_CONFUSED = {"0": "O", "1": "I", "5": "S", "2": "Z", "8": "B", "B": "8", "G": "6", "Q": "0"}
_REGISTRATION_SHARES = {REGISTER: 0.7, COUNTER: 0.10, SCANNED: 0.12, LEGACY: 0.75, LIST: 0.15}
_ORGANISATION_SHARES = {REGISTER: 0.15, COUNTER: 0.04, SCANNED: 0.06, LEGACY: 0.45, LIST: 0.10}


def number_columns(firms: Firms, by: Captures, has: Mask, marks: Marks) -> dict[str, Texts]:
    """Social credit code, registration number and organisation code, null where the source has none."""
    firm = by.entity
    code = firms.credit_codes(firm)
    has_code = has & firms.has_code[firm]
    has_registration = firms.has_registration[firm] & _habit(by, "registration", _REGISTRATION_SHARES)
    has_registration |= has & ~firms.has_code[firm]
    has_organisation = firms.has_code[firm] & _habit(by, "organisation", _ORGANISATION_SHARES)
    marks.add("uscc_missing", ~has_code)
    return {
        "uscc": blank_texts(_credit_codes(code, has_code, by, marks), has_code),
        "registration_number": blank_texts(_registrations(firms, by, has_registration, marks), has_registration),
        "organisation_code": blank_texts(_organisations(code, by, has_organisation, marks), has_organisation),
    }


def _habit(by: Captures, what: str, shares: dict[int, float]) -> Mask:
    table = np.zeros(max(by.kind.max(), LIST) + 1)
    table[list(shares)] = list(shares.values())
    return happens(by.keys, f"has {what}", table[by.kind])


def _credit_codes(code: Texts, has: Mask, by: Captures, marks: Marks) -> Texts:
    exact = symbols(code, 18)
    wrong = np.flatnonzero(has & happens(by.keys, "number damaged", by.share("number_damaged")))
    kind = weighted(by.keys[wrong], "kind of damage to code", _SHARES)
    for number, name in enumerate(_KINDS):
        here = wrong[kind == number]
        marks.add(name, here)
        code = replaced(code, here, _damage(number, exact[here], by.keys[here]))
    lower = np.flatnonzero(has & ~by.is_careful & happens(by.keys, "lower case", 0.012))
    marks.add("uscc_lower_case", lower)
    return replaced(code, lower, pc.utf8_lower(code.take(lower)))


def _damage(number: int, exact: Symbols, keys: Keys) -> Texts:
    if number == 0:
        return fixed_width(_confused(exact, keys))
    if number == 1:
        return fixed_width(transposed(exact, keys, 0, 17))
    if number == 2:
        return fixed_width(substituted(exact, keys))
    return shortened(exact, keys) if number == 3 else in_full_width(fixed_width(exact))


def _confused(exact: Symbols, keys: Keys) -> Symbols:
    """One symbol read as one that looks like it; GB 32100-2015 leaves out I, O, S, V and Z for that reason."""
    table = np.zeros(128, np.uint8)
    table[[ord(c) for c in _CONFUSED]] = [ord(c) for c in _CONFUSED.values()]
    able = table[exact] > 0
    order = (choices(keys, "place of confusion", 1000)[:, None] * 0.001 * 7.1 + np.arange(exact.shape[1]) * 0.618) % 1
    place = np.where(able, 1 + order, 0).argmax(axis=1)
    rows = np.arange(len(exact))
    changed = exact.copy()
    changed[rows, place] = table[exact[rows, place]]
    return changed


def _registrations(firms: Firms, by: Captures, has: Mask, marks: Marks) -> Texts:
    exact = symbols(firms.registration_numbers(by.entity), 15)
    wrong = has & ~by.is_careful & happens(by.keys, "registration damaged", 0.04)
    marks.add("registration_number_damaged", wrong)
    exact[wrong] = substituted(exact[wrong], by.keys[wrong], first=6)
    return fixed_width(exact)


def _organisations(code: Texts, by: Captures, has: Mask, marks: Marks) -> Texts:
    """Characters 9 to 17 of the social credit code, by half of the sources with a hyphen before the last."""
    exact: NDArray[np.uint8] = symbols(pc.utf8_slice_codeunits(code, 8, 17), 9)
    wrong = has & happens(by.keys, "organisation code damaged", 0.04)
    marks.add("organisation_code_damaged", wrong)
    exact[wrong] = _confused(exact[wrong], by.keys[wrong])
    plain, hyphen = fixed_width(exact), fixed_width(exact)
    hyphened = joined(pc.utf8_slice_codeunits(hyphen, 0, 8), "-", pc.utf8_slice_codeunits(hyphen, 8, 9))
    rows = np.flatnonzero(happens(by.keys, "hyphen", 0.5))
    return replaced(plain, rows, hyphened.take(rows))
