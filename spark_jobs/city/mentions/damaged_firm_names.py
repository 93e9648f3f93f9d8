"""How names of firms go wrong."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from spark_jobs.city.mentions.damaged_names import as_texts, code_points, one_slip
from spark_jobs.city.mentions.marks import Marks
from spark_jobs.city.mentions.slips import Codes, Slips, common_homophones, lookalikes, traditional
from spark_jobs.city.mentions.taken_down import Captures
from spark_jobs.city.world.chance import Keys, choices, happens, weighted
from spark_jobs.city.world.texts import Texts, replaced

_KINDS = ("name_homophone", "name_lookalike", "name_traditional", "name_character_missing", "name_spaced")
_SHARES = (0.34, 0.24, 0.16, 0.16, 0.10)


def damage_firm_names(names: Texts, by: Captures, marks: Marks) -> Texts:
    """Names with one slip in some rows, and with brackets and digits of full width in some."""
    rows = np.flatnonzero(happens(by.keys, "name damaged", by.share("name_damaged")))
    kind = weighted(by.keys[rows], "kind of slip in firm", _SHARES)
    for number, name in enumerate(_KINDS):
        here = rows[kind == number]
        marks.add(name, here)
        if len(here):
            codes = code_points(names.take(pa.array(here)), spare=2)
            names = replaced(names, here, as_texts(_slip(number, codes, by.keys[here])))
    return _full_width(names, by, marks)


def _slip(number: int, codes: Codes, keys: Keys) -> Codes:
    if number == 2:
        return traditional().of(codes, np.zeros(codes.shape))
    if number == 3:
        return _without_one(codes, keys)
    if number == 4:
        return _with_space(codes, keys)
    return _slip_in_core(codes, common_homophones() if number == 0 else lookalikes(), keys)


def _slip_in_core(codes: Codes, table: Slips, keys: Keys) -> Codes:
    """Forms and places are chosen from lists; the slip is in what was typed, before the last four characters."""
    length = (codes != 0).sum(axis=1)
    is_end = np.arange(codes.shape[1])[None, :] >= (length - 4)[:, None]
    head = np.where(is_end, 0, codes).astype(np.uint32)
    slipped = one_slip(head, table, keys)
    return np.where(is_end, codes, slipped)


def _without_one(codes: Codes, keys: Keys) -> Codes:
    length = (codes != 0).sum(axis=1)
    place = choices(keys, "missing character", length)
    order = np.argsort(np.arange(codes.shape[1])[None, :] == place[:, None], axis=1, kind="stable")
    shifted = np.take_along_axis(codes, order, axis=1)
    shifted[:, -1] = 0
    return shifted


def _with_space(codes: Codes, keys: Keys) -> Codes:
    """A space after the first half, as line breaks in forms leave it."""
    place = (codes != 0).sum(axis=1) // 2 + choices(keys, "place of space", 2)
    column = np.arange(codes.shape[1])[None, :]
    before = np.where(column < place[:, None], codes, 0)
    after = np.where(column > place[:, None], np.roll(codes, 1, axis=1), 0)
    return np.where(column == place[:, None], np.uint32(ord(" ")), before + after).astype(np.uint32)


def _full_width(names: Texts, by: Captures, marks: Marks) -> Texts:
    has_bracket = pc.match_substring(names, "(").to_numpy(zero_copy_only=False)
    rows = np.flatnonzero(has_bracket & happens(by.keys, "bracket width", 0.5))
    marks.add("name_bracket_width", rows)
    wide = pc.replace_substring(pc.replace_substring(names.take(rows), "(", "（"), ")", "）")
    return replaced(names, rows, wide)
