"""Synthetic rows of any feed, from its contract alone: for the dictionary, for tests, for departments."""

import re
from datetime import date

from expectations.contract.channels import FileOptions
from expectations.contract.feed import FeedContract
from expectations.sample_values import sample_value

DAY = date(2026, 11, 1)
_DATES = ("%Y%m%d", "%Y-%m-%d", "%Y%m")


def sample_rows(contract: FeedContract, n: int, seed: int = 1, business_date: date = DAY) -> list[dict[str, str]]:
    """Rows by source column, each value valid for its type; equal arguments give equal rows.

    Rules across columns hold where they compare dates, amounts or an identity number with its birth date; others
    are not looked at.
    """
    first = seed * 1000
    return [
        {
            column.source: ""
            if column == contract.mark_of_gone
            else contract.layout.sample_of(column.source, sample_value(column, first + i, place, business_date))
            for place, column in enumerate(contract.columns)
        }
        for i in range(n)
    ]


def file_name(contract: FeedContract, business_date: date) -> str:
    """A file name that the feed's arrival accepts for that day.

    Raises:
        ValueError: the pattern is more than fixed text, a date, optional text, alternatives and `.*`.
    """
    if not isinstance(contract.arrival, FileOptions):
        return f"{contract.feed}_{business_date:%Y%m%d}{contract.layout.suffixes[0]}"
    pattern = contract.arrival.pattern
    plain = re.sub(r"\(\?P<business_date>[^()]*\)", "\0", pattern)
    plain = re.sub(r"\(\?:([^()|]*)(?:\|[^()]*)?\)\??", r"\1", plain).replace(".*", "").replace("\\", "")
    for form in _DATES:
        name = plain.replace("\0", f"{business_date:{form}}")
        if re.fullmatch(pattern, name):
            return name
    raise ValueError(f"{contract.id}: no file name can be made for the pattern {pattern}")
