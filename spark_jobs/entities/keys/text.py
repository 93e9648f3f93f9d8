"""Texts in any language: a plain form, and keys and pieces of it.

`plain` takes a text as delivered; the other functions take what `plain` gives.
"""

import unicodedata
from collections.abc import Mapping
from functools import cache

from pyspark.sql import Column
from pyspark.sql import functions as F

_APOSTROPHES = "'’‘`´ʼʹ′＇"
_LATIN = [*range(0xC0, 0x250), *range(0x1E00, 0x1F00)]
_LETTERS = {
    "ø": "o",
    "đ": "d",
    "ð": "d",
    "ł": "l",
    "ħ": "h",
    "ı": "i",
    "þ": "t",
    "ß": "s",
    "æ": "a",
    "œ": "o",
    "ŧ": "t",
}
"""Letters that Unicode does not take apart, with the first ASCII letter of their usual transcription."""


def plain(text: Column) -> Column:
    """The text in lower case without accents, its words parted by one space; null where no letter or digit is left.

    Full-width forms become half width and apostrophes are left out, so O'Brien is one word; all other punctuation
    parts words.
    """
    spaced = F.translate(F.lower(text), *_plain_table())
    single = F.when(spaced.contains("  "), F.regexp_replace(spaced, " {2,}", " ")).otherwise(spaced)
    return F.nullif(F.trim(single), F.lit(""))


def tokens(text: Column) -> Column:
    """The distinct words, in order."""
    return F.array_sort(F.array_distinct(F.split(text, " ")))


def sorted_words(text: Column) -> Column:
    """The distinct words in order as one text, so that word order does not matter."""
    return F.array_join(tokens(text), " ")


def bigrams(text: Column) -> Column:
    """The distinct pairs of neighbouring characters; empty for a text of one character."""
    places = F.sequence(F.lit(1), F.greatest(F.length(text) - 1, F.lit(1)))
    pairs = F.transform(places, lambda at: F.substring(text, at, F.lit(2)))
    none = F.when(text.isNotNull(), F.array().cast("array<string>"))
    return F.when(F.length(text) > 1, F.array_distinct(pairs)).otherwise(none)


def initials(text: Column) -> Column:
    """The first character of each word."""
    return F.regexp_replace(text, r"(\S)\S*\s*", "$1")


def digits(text: Column) -> Column:
    """The digits alone; null where there are none."""
    return F.nullif(F.regexp_replace(text, "[^0-9]+", ""), F.lit(""))


def sound(text: Column) -> Column:
    """Soundex of the first word that begins with a Latin letter; null where there is none.

    Soundex has nothing for other scripts: Spark gives the text itself there.
    """
    return F.soundex(F.nullif(F.regexp_extract(text, r"(?:^| )([a-z]+)", 1), F.lit("")))


def year(text: Column) -> Column:
    """The first year from 1500 to 2099 in the text, alone or ahead of month and day (19491001); null without one."""
    found = F.regexp_extract(text, r"(?:^|[^0-9])((?:1[5-9]|20)[0-9]{2})(?:[0-9]{4})?(?:[^0-9]|\z)", 1)
    return found.try_cast("int")


@cache
def _plain_table() -> tuple[str, str]:
    """Arguments of `translate`: accents folded, punctuation to spaces, apostrophes and combining marks left out."""
    table = {chr(code): base for code in _LATIN if (base := _base(chr(code))) != chr(code)}
    table |= _LETTERS
    table |= {chr(code): chr(code - 0xFEE0).lower() for code in range(0xFF01, 0xFF5F)}
    table |= {char: " " for char in map(chr, range(0x3100)) if _parts_words(char)}
    table |= {chr(code): " " for code in range(0xFF01, 0xFF66) if _parts_words(chr(code))}
    table |= dict.fromkeys([*_APOSTROPHES, *map(chr, range(0x300, 0x370)), "\u200b", "\ufeff", "\u00ad"], "")
    del table[" "]
    return as_arguments(table)


def as_arguments(table: Mapping[str, str]) -> tuple[str, str]:
    """The table as the two arguments of `translate`, which leaves out the characters past the second's end."""
    pairs = sorted(table.items(), key=lambda pair: not pair[1])
    return "".join(char for char, _ in pairs), "".join(to for _, to in pairs)


def _base(char: str) -> str:
    """The letter without its marks, in lower case."""
    bare = unicodedata.normalize("NFD", char)[0].lower()
    return _LETTERS.get(bare, bare)


def _parts_words(char: str) -> bool:
    return unicodedata.category(char)[0] in "PSZC"
