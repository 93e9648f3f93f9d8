"""Width, white space and case of characters, for all fields that mend them.

Normal text is plain ASCII or plain Chinese; each function looks first whether there is anything to mend.
"""

from pyspark.sql import Column
from pyspark.sql import functions as F

OUTER_SPACE = " \t\r\n\u00a0\u3000\ufeff\u200b"
"""Blank characters that exports leave around values, the zero-width ones and U+3000 included."""

_FULL = "".join(chr(code) for code in range(0xFF01, 0xFF5F))
_HALF = "".join(chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F))
SPACE = r"\t\n\x0b\f\r \u00a0\u3000\ufeff\u200b"
"""White space as a regular expression's class has it; `\\s` is another set in each engine."""
_SPACES = f"[{SPACE}]+"


def is_ascii(text: Column) -> Column:
    """Every character takes one byte."""
    return F.octet_length(text) == F.char_length(text)


def half_width(text: Column) -> Column:
    """Full-width letters, digits and signs (U+FF01–U+FF5E) as their ASCII forms, as NFKC has them."""
    return F.when(is_ascii(text), text).otherwise(F.translate(text, _FULL, _HALF))


def without_spaces(text: Column) -> Column:
    """No white space at all, U+3000, no-break and zero-width included."""
    has_space = text.contains(" ") | ~is_ascii(text) | text.contains("\t")
    return F.when(has_space, F.regexp_replace(text, _SPACES, "")).otherwise(text)


def code_text(text: Column) -> Column:
    """The text of an identifier as its standard writes it: half width, no white space, capitals."""
    return F.upper(without_spaces(half_width(text)))


def has_full_width(text: Column) -> Column:
    """Some character is a full-width form."""
    return ~is_ascii(text) & text.rlike("[\uff01-\uff5e]")


def has_space(text: Column) -> Column:
    """Some character is white space."""
    return (text.contains(" ") | ~is_ascii(text) | text.contains("\t")) & text.rlike(_SPACES)


def has_outer_space(text: Column) -> Column:
    """A text that is not empty begins or ends with a character of OUTER_SPACE."""
    return ~text.rlike(f"(?s)^[^{OUTER_SPACE}](?:.*[^{OUTER_SPACE}])?\\z")


def all_of(*conditions: Column) -> Column:
    """Every condition holds; a tree and no chain, for plans may nest 100 deep only."""
    if len(conditions) == 1:
        return conditions[0]
    middle = len(conditions) // 2
    return all_of(*conditions[:middle]) & all_of(*conditions[middle:])


def closed_up(text: Column, before: str, after: str) -> Column:
    """The text without white space, but for one blank between two words.

    Args:
        text: any text.
        before: last letters of a word that a blank may follow, as in a regular expression's class.
        after: first letters of a word that may follow it.
    """
    run = f"[{SPACE}]+"
    without = F.regexp_replace(text, f"(^|[^{before}{SPACE}]){run}", "$1")
    without = F.regexp_replace(without, rf"{run}([^{after}{SPACE}]|\z)", "$1")
    return F.regexp_replace(without, run, " ")
