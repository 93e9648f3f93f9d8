"""Tables of Chinese characters, built once in a process: how each is written today, how it sounds, what it looks like.

Sources: OpenCC's character tables (Apache-2.0) for traditional and variant forms, pypinyin (MIT) for readings, and the
files beside this module. Covered are CJK Unified Ideographs (U+4E00–U+9FFF) and Extension A, and what they fold to.
"""

import json
import unicodedata
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from importlib.util import find_spec
from itertools import product
from pathlib import Path

SPACES = "".join(map(chr, [*range(0x09, 0x0E), 0x20, 0x85, 0xA0, *range(0x2000, 0x2010), 0x2028, 0x2029, 0x202F]))
SPACES += "\u200b\u2060\u3000\u3164\ufeff\u00ad"
"""White space and characters without width."""
DOTS = "•‧・･．∙⋅●"
"""What is written for the dot between the parts of a name; GB 18030 has U+00B7 for it."""
WILDCARD = "?"
"""A character that could not be read."""
_DAMAGED = "?？*＊□■▢▯〓\ufffd" + "".join(map(chr, range(0xE000, 0xF900)))
"""Signs for a character that an export could not write, and private use: which character was meant is unknown."""
_IDEOGRAPHS = [*range(0x3400, 0x4DC0), 0x3007, *range(0x4E00, 0xA000)]
_NAME_READINGS = {"晟": "sheng", "长": "chang", "佛": "fo", "地": "di", "得": "de", "莞": "wan", "曾": "zeng"}
"""Readings usual in names where pypinyin puts another first."""


def _lines(name: str) -> list[str]:
    text = (files("spark_jobs.entities.keys") / "data" / name).read_text("utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def _of_package(package: str, path: str) -> str:
    """A file that a package brings, without importing the package: pypinyin takes a third of a second."""
    found = find_spec(package)
    if found is None or not found.submodule_search_locations:
        raise ModuleNotFoundError(f"the package {package} is not installed; next: make setup")
    return Path(found.submodule_search_locations[0], path).read_text("utf-8")


def _of_opencc(name: str) -> dict[str, list[str]]:
    text = _of_package("opencc", f"dictionary/{name}")
    pairs = (line.split("\t") for line in text.splitlines() if "\t" in line)
    return {char: forms.split(" ") for char, forms in pairs}


def _is_common(char: str) -> bool:
    """In GB/T 2312-1980: written like this in simplified text, whatever it may mean elsewhere."""
    try:
        return len(char.encode("gb2312")) == 2
    except UnicodeEncodeError:
        return False


@cache
def simplified() -> Mapping[str, str]:
    """Traditional and variant characters with their simplified form, character by character.

    A character that simplified text has too (乾, 著, 藉) is left alone, unless it is what conversion to traditional
    text makes of the simplified one: 於 comes from 于. Japanese forms are folded where no simplified text has them.
    """
    to_traditional = _of_opencc("STCharacters.txt")
    table = {}
    for char, forms in _of_opencc("TSCharacters.txt").items():
        is_own = char in forms and to_traditional.get(forms[0], [""])[0] != char
        if not is_own and forms[0] != char:
            table[char] = forms[0]
    for name in ("TWVariants.txt", "HKVariants.txt", "JPVariants.txt"):
        for char, variants in _of_opencc(name).items():
            for variant in variants:
                if not _is_common(variant) and variant not in table:
                    table[variant] = table.get(char, char)
    table |= {variant: line[0] for line in _lines("variants.txt") for variant in line[1:]}
    return {char: table.get(form, form) for char, form in table.items() if table.get(form, form) != char}


@cache
def written() -> Mapping[str, str]:
    """Every character that is written otherwise in a match key; the empty string where it is left out."""
    table = dict(simplified())
    table |= {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
    table |= {chr(code): chr(code).upper() for code in range(ord("a"), ord("z") + 1)}
    table |= {chr(code): chr(code - 0xFEE0).upper() for code in range(0xFF41, 0xFF5B)}
    table |= dict.fromkeys(DOTS, "·")
    table |= dict.fromkeys(SPACES, "")
    table |= dict.fromkeys(_DAMAGED, WILDCARD)
    del table[WILDCARD]
    return table


@cache
def readings() -> Mapping[str, str]:
    """Each character's usual reading in pinyin without tone; ü is v."""
    of_code: dict[str, str] = json.loads(_of_package("pypinyin", "pinyin_dict.json"))
    covered = {*map(chr, _IDEOGRAPHS), *simplified().values()}
    read = {char: of_code.get(str(ord(char)), "") for char in covered}
    bare = {reading: _toneless(reading) for reading in {marked.partition(",")[0] for marked in read.values()}}
    return {char: bare[marked.partition(",")[0]] for char, marked in read.items() if marked} | _NAME_READINGS


def _toneless(reading: str) -> str:
    parts = unicodedata.normalize("NFD", reading.replace("ü", "v"))
    return unicodedata.normalize("NFD", parts.replace("u\u0308", "v")).encode("ascii", "ignore").decode()


def in_dialect(reading: str) -> str:
    """The reading as Xianning speech (Gan and Southwestern Mandarin) runs sounds together.

    n and l, retroflex and dental sibilants, -ing and -in, -eng and -en each are one sound there.
    """
    for retroflex, dental in (("zh", "z"), ("ch", "c"), ("sh", "s"), ("n", "l")):
        if reading.startswith(retroflex):
            reading = dental + reading.removeprefix(retroflex)
            break
    return reading.removesuffix("g") if reading.endswith(("ing", "eng")) else reading


@cache
def sounds(dialect: bool) -> Mapping[str, str]:
    """Every character with the one that stands for all of its sound, forms of `written` included.

    The one is the first in the order of GB/T 2312, which has the usual characters first: so a key can be read.
    """
    of_char = {char: in_dialect(read) if dialect else read for char, read in readings().items()}
    stands: dict[str, str] = {}
    for char in sorted(of_char, key=lambda char: (char.encode("gb2312", "ignore") or b"\xff", char)):
        stands.setdefault(of_char[char], char)
    return _through_written({char: stands[sound] for char, sound in of_char.items()})


@cache
def surname_sounds() -> Mapping[str, str]:
    """Characters that sound otherwise as a surname, with one that sounds so anywhere: 单 like 山."""
    pairs = [tuple(pair) for line in _lines("surname_readings.txt") for pair in line.split()]
    table = {char: like for char, like in pairs}
    return table | {char: table[form] for char, form in simplified().items() if form in table}


@cache
def compound_surname_sounds() -> Mapping[str, str]:
    """Two-character surnames that read otherwise than their characters, with characters that sound so anywhere."""
    to_traditional = _of_opencc("STCharacters.txt")
    table = {}
    for name, like in (line.split() for line in _lines("compound_surname_readings.txt")):
        for chars in product(*({char, to_traditional.get(char, [char])[0]} for char in name)):
            table["".join(chars)] = like
    return table


@cache
def compound_surnames() -> frozenset[str]:
    """Surnames of two characters, in simplified characters."""
    return frozenset(name for line in _lines("compound_surnames.txt") for name in line.split())


@cache
def shapes() -> Mapping[str, str]:
    """Every character with the one that stands for all that look like it, forms of `written` included."""
    return _through_written({char: line[0] for line in _lines("lookalikes.txt") for char in line})


def _through_written(table: Mapping[str, str]) -> dict[str, str]:
    """The table behind `written`, as one, and without the dot between the parts of a name, which many leave out."""
    both = {char: table.get(form, form) for char, form in written().items()}
    both |= {char: to for char, to in table.items() if char not in both}
    both |= dict.fromkeys([*DOTS, "·", "."], "")
    return {char: to for char, to in both.items() if char != to}
