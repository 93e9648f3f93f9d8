"""One synthetic value for each column type, a module each: valid by its standard, and plainly nobody's."""

from datetime import date
from importlib import import_module

from expectations.contract.feed import Column
from expectations.sample_values.asked import Asked


def sample_value(column: Column, number: int, place: int, business_date: date) -> str:
    """The value of a column in the row of that number, as its source would write it.

    Args:
        column: the column; the module of its type's name has the function `sample`.
        number: the row, from 0; keys differ from row to row.
        place: the column's place in the contract, so that two persons of one row differ.
        business_date: the day that the delivery speaks of; dates and times are of that day, birth dates are not.
    """
    sample = import_module(f"{__name__}.{column.type}").sample
    return str(sample(Asked(column, number, place, business_date)))
