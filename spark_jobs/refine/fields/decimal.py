"""Decimal numbers."""

from pyspark.sql import Column
from pyspark.sql import functions as F

from spark_jobs.refine.fields.parsed import Given, Parsed, Parsing, Plain


def parse(text: Column, given: Given) -> Parsing:
    """A number of at most 12 digits before and 6 after the point; more digits are a breach, not rounded away."""
    (value,) = yield (F.when(text.rlike(r"^[+-]?[0-9]{1,12}(\.[0-9]{1,6})?\z"), text.try_cast("decimal(18,6)")),)
    return Parsed(value=value, breaches={"decimal_format": value.isNull()})


def plain(text: Column, given: Given) -> Plain:
    """A decimal number."""
    return Plain(text.rlike(r"^[+-]?[0-9]{1,12}(\.[0-9]{1,6})?\z"), text.try_cast("decimal(18,6)"))
