"""Whole numbers, decimal numbers, and yes or no."""

from pyspark.sql import Column
from pyspark.sql import functions as F

from spark_jobs.refine.fields.parsed import Given, Parsed, Parsing, Plain

_YES, _NO = ("是", "1", "Y", "TRUE", "T"), ("否", "0", "N", "FALSE", "F")


def parse_integer(text: Column, given: Given) -> Parsing:
    """A whole number of at most 18 digits, without separators or unit."""
    (value,) = yield (F.when(text.rlike(r"^[+-]?[0-9]{1,18}\z"), text.try_cast("bigint")),)
    return Parsed(value=value, breaches={"integer_format": value.isNull()})


def parse_decimal(text: Column, given: Given) -> Parsing:
    """A number of at most 12 digits before and 6 after the point; more digits are a breach, not rounded away."""
    (value,) = yield (F.when(text.rlike(r"^[+-]?[0-9]{1,12}(\.[0-9]{1,6})?\z"), text.try_cast("decimal(18,6)")),)
    return Parsed(value=value, breaches={"decimal_format": value.isNull()})


def parse_boolean(text: Column, given: Given) -> Parsing:
    """True for 是, 1, Y and false for 否, 0, N; also for the words that databases write."""
    (upper,) = yield (F.upper(text),)
    (value,) = yield (F.when(upper.isin(*_YES), True).when(upper.isin(*_NO), False),)
    return Parsed(value=value, breaches={"boolean_format": value.isNull()})


def plain_integer(text: Column, given: Given) -> Plain:
    """A whole number."""
    return Plain(text.rlike("^[+-]?[0-9]{1,18}\\z"), text.try_cast("bigint"))


def plain_decimal(text: Column, given: Given) -> Plain:
    """A decimal number."""
    return Plain(text.rlike(r"^[+-]?[0-9]{1,12}(\.[0-9]{1,6})?\z"), text.try_cast("decimal(18,6)"))


def plain_boolean(text: Column, given: Given) -> Plain:
    """One of the words in capitals."""
    return Plain(text.isin(*_YES, *_NO), text.isin(*_YES))
