"""Names of files that say which business date a delivery is of."""

import re
from datetime import date
from typing import Annotated

from pydantic import AfterValidator

from expectations.contract.business_date import read_business_date


def _is_dated(pattern: str) -> str:
    try:
        compiled = re.compile(pattern)
    except re.error as error:
        raise ValueError(f"pattern is not a regular expression: {error}") from error
    if "business_date" not in compiled.groupindex:
        raise ValueError("pattern needs a group (?P<business_date>…)")
    return pattern


_DATE_GROUP = re.compile(r"\(\?P<business_date>([^()]*)\)")
_OPTIONAL = re.compile(r"\(\?:([^()|]*)\)\?")
_EITHER = re.compile(r"\(\?:([^()]*)\)")
_LEFT_OVER = re.compile(r"[\\\[\](){}?*+^$|]")
EXAMPLE_DAY = date(2026, 11, 1)
"""Of names that stand in a text that is made once."""
_FORMS = ("%Y%m%d", "%Y-%m-%d", "%Y%m")

DatedName = Annotated[str, AfterValidator(_is_dated)]
"""A regular expression with a group `business_date`, of a form that `read_business_date` reads."""


def date_in_name(pattern: str, name: str) -> date | None:
    """The business date in a file's name; None where the name does not follow the pattern.

    Raises:
        ValueError: the name follows the pattern, and its date does not exist.
    """
    found = re.fullmatch(pattern, name)
    return read_business_date(found["business_date"]) if found else None


def in_words(pattern: str, day: date = EXAMPLE_DAY) -> str:
    """The pattern as a clerk reads it, with a name for that day as an example.

    A pattern that is more than fixed text, a date, optional text, alternatives and `.*` is told by its example, and
    one that no example can be made of as it is.
    """
    example = example_name(pattern, day)
    if example is None:
        return pattern
    words = _DATE_GROUP.sub("〔业务日期〕", pattern).replace(".*", "〔可加其他字符〕")
    words = _OPTIONAL.sub(r"〔\1，可省略〕", words)
    words = _EITHER.sub(lambda found: f"〔{found[1].replace('|', ' 或 ')}〕", words).replace("\\.", ".")
    return f"例如 {example}" if _LEFT_OVER.search(words) else f"{words}，例如 {example}"


def example_name(pattern: str, day: date) -> str | None:
    """A name that the pattern takes for that day; None where the pattern is more than `in_words` knows."""
    plain = _DATE_GROUP.sub("\0", pattern)
    plain = re.sub(r"\(\?:([^()|]*)(?:\|[^()]*)?\)\??", r"\1", plain).replace(".*", "").replace("\\", "")
    names = (plain.replace("\0", f"{day:{form}}") for form in _FORMS)
    return next((name for name in names if re.fullmatch(pattern, name)), None)
