"""How names go wrong: each kind of slip on whole arrays of characters."""

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from spark_jobs.city.mentions.marks import Marks
from spark_jobs.city.mentions.slips import Codes, Slips, homophones, lookalikes, traditional
from spark_jobs.city.world.chance import Keys, chances, choices, weighted
from spark_jobs.city.world.texts import Ints, Texts, replaced

KINDS = ("name_homophone", "name_lookalike", "name_traditional", "name_spaced", "name_character_lost", "name_masked")
_KIND_SHARES = np.array(
    [
        (0.30, 0.05, 0.20, 0.25, 0.10, 0.10),
        (0.56, 0.06, 0.08, 0.14, 0.08, 0.08),
        (0.08, 0.62, 0.06, 0.10, 0.12, 0.02),
        (0.20, 0.12, 0.34, 0.16, 0.18, 0.00),
        (0.68, 0.02, 0.04, 0.06, 0.02, 0.18),
        (0.46, 0.20, 0.10, 0.10, 0.12, 0.02),
    ]
)
"""By kind of source; rows as in feeds, columns as in KINDS."""
_LOST = np.array([ord(c) for c in "?□*�"], np.uint32)
_SPACES = np.array([ord(" "), ord("\u3000")], np.uint32)
_MASK = ord("*")


def code_points(texts: Texts, spare: int = 0) -> Codes:
    """One row a text, padded with zeros, with `spare` columns more."""
    width = max(int(pc.max(pc.utf8_length(texts)).as_py() or 1), 1) + spare
    made: Codes = np.array(texts.to_pylist(), dtype=f"U{width}").view(np.uint32).reshape(len(texts), width)
    return made


def as_texts(codes: Codes) -> Texts:
    """Texts of the rows; zeros at the end are padding."""
    rows, width = codes.shape
    return pa.array(np.ascontiguousarray(codes).view(f"U{width}").reshape(rows), pa.string())


def damage_names(names: Texts, damaged: Any, source_kinds: Ints, captures: Keys, marks: Marks) -> Texts:
    """Names of people with one slip each in the damaged rows; what happened is marked."""
    rows = np.flatnonzero(damaged & (pc.utf8_length(names).to_numpy() > 1))
    if not len(rows):
        return names
    keys = captures[rows]
    codes = code_points(names.take(pa.array(rows)), spare=4)
    kind = _drawn_kinds(codes, source_kinds[rows], keys)
    for number in range(len(KINDS)):
        here = kind == number
        codes[here] = _slip(number, codes[here], keys[here])
        marks.add(KINDS[number], rows[here])
    return replaced(names, rows, as_texts(codes))


def _drawn_kinds(codes: Codes, source_kinds: Ints, keys: Keys) -> Ints:
    """By the source's habits; where no character can slip so, a homophone, and where there is none, a space."""
    kind = np.zeros(len(keys), np.int64)
    for source, shares in enumerate(_KIND_SHARES):
        here = source_kinds == source
        kind[here] = weighted(keys[here], "kind of slip", shares)
    for number, table in ((1, lookalikes()), (2, traditional()), (0, homophones())):
        impossible = (kind == number) & ~table.has(codes).any(axis=1)
        kind[impossible] = 0 if number else 3
    return kind


def _slip(number: int, codes: Codes, keys: Keys) -> Codes:
    if number == 2:
        return traditional().of(codes, np.zeros(codes.shape))
    if number == 3:
        return spaced(codes, keys)
    if number == 4:
        return _lost(codes, keys)
    if number == 5:
        return _masked(codes)
    return one_slip(codes, homophones() if number == 0 else lookalikes(), keys)


def one_slip(codes: Codes, table: Slips, keys: Keys) -> Codes:
    """One character, of those that can be mistaken, is taken for another."""
    able = table.has(codes)
    preference = chances(keys, "place of slip")[:, None] * 7.3 + np.arange(codes.shape[1]) * 0.618
    place = np.where(able, 1 + preference % 1, 0).argmax(axis=1)
    rows = np.arange(len(codes))
    changed = codes.copy()
    changed[rows, place] = table.of(codes[rows, place], chances(keys, "slip"))
    return changed


def spaced(codes: Codes, keys: Keys) -> Codes:
    """A space of either width after the first character."""
    changed = np.zeros_like(codes)
    changed[:, 0] = codes[:, 0]
    changed[:, 1] = _SPACES[choices(keys, "space", 2)]
    changed[:, 2:] = codes[:, 1:-1]
    return changed


def _lost(codes: Codes, keys: Keys) -> Codes:
    """A character that the source could not keep; never the first one."""
    length = (codes != 0).sum(axis=1)
    place = 1 + choices(keys, "lost character", length - 1)
    changed = codes.copy()
    changed[np.arange(len(codes)), place] = _LOST[choices(keys, "what is kept instead", len(_LOST))]
    return changed


def _masked(codes: Codes) -> Codes:
    """All but the first and the last character of longer names hidden, the last of names of two."""
    length = (codes != 0).sum(axis=1)
    place = np.arange(codes.shape[1])
    inner = (place > 0) & (place < np.where(length > 2, length - 1, length)[:, None])
    return np.where(inner, np.uint32(_MASK), codes)


def dotless(names: Texts, rows: Ints, captures: Keys, marks: Marks) -> Texts:
    """Foreign names with other dots, or without."""
    found = names.take(pa.array(rows)).to_pylist()
    dots = [("·", ".", "•", "・", "", " ")[i] for i in choices(captures[rows], "dot", 6)]
    changed = [name.replace("·", dot) for name, dot in zip(found, dots, strict=True)]
    marks.add("name_dot", rows[np.array([dot != "·" for dot in dots], np.bool_)])
    return replaced(names, rows, pa.array(changed, pa.string()))


def with_surname_cut(names: Texts, rows: Ints, marks: Marks) -> Texts:
    """Compound surnames of which one character was entered: 欧阳修 as 欧修."""
    short = [name[0] + name[2:] for name in names.take(pa.array(rows)).to_pylist()]
    marks.add("name_compound_surname", rows)
    return replaced(names, rows, pa.array(short, pa.string()))
