"""Synthetic rows of any feed, from its contract alone: for the dictionary, for tests, for departments."""

from datetime import date

from expectations.contract.channels import FileOptions
from expectations.contract.feed import FeedContract
from expectations.contract.file_names import EXAMPLE_DAY, example_name
from expectations.sample_values import sample_value

DAY = EXAMPLE_DAY


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
    name = example_name(pattern, business_date)
    if name is not None:
        return name
    raise ValueError(f"{contract.id}: no file name can be made for the pattern {pattern}")
