"""What a sample is asked for, and what several kinds of samples share."""

from dataclasses import dataclass
from datetime import date, timedelta

from expectations.contract.feed import Column

COUNTIES = ("421202", "421221", "421222", "421223", "421224", "421281")
"""The six counties of Xianning."""


@dataclass(frozen=True)
class Asked:
    """One value: of this column, in this row."""

    column: Column
    number: int
    """The row, from 0."""
    place: int
    """The column's place in the contract."""
    business_date: date


def birth_date(number: int) -> date:
    """A day of 1890: no living person's."""
    return date(1890, 1, 1) + timedelta(days=number % 360)
