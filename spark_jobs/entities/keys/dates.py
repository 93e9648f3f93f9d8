"""Dates that are one slip apart. Both functions take dates, or texts of the form yyyymmdd or yyyy-mm-dd."""

from pyspark.sql import Column
from pyspark.sql import functions as F


def swapped(a: Column, b: Column) -> Column:
    """Day and month changed places: 1987-05-04 and 1987-04-05; false for equal dates, null where one is absent."""
    one, other = digits(a), digits(b)
    exchanged = F.concat(F.substring(other, 1, 4), F.substring(other, 7, 2), F.substring(other, 5, 2))
    return (one == exchanged) & (one != other)


def close(a: Column, b: Column) -> Column:
    """Exactly one of the eight digits differs; null where one is absent."""
    one, other = digits(a), digits(b)
    return (F.length(one) == F.length(other)) & (F.levenshtein(one, other, 1) == 1)


def digits(date: Column) -> Column:
    """The date as yyyymmdd."""
    return F.replace(date.cast("string"), F.lit("-"), F.lit(""))
