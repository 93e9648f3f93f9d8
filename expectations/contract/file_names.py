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


DatedName = Annotated[str, AfterValidator(_is_dated)]
"""A regular expression with a group `business_date`, of a form that `read_business_date` reads."""


def date_in_name(pattern: str, name: str) -> date | None:
    """The business date in a file's name; None where the name does not follow the pattern.

    Raises:
        ValueError: the name follows the pattern, and its date does not exist.
    """
    found = re.fullmatch(pattern, name)
    return read_business_date(found["business_date"]) if found else None
