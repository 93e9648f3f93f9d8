"""Whole numbers."""

from pyspark.sql import Column
from pyspark.sql import functions as F

from spark_jobs.refine.fields.parsed import Given, Parsed, Parsing, Plain


def parse(text: Column, given: Given) -> Parsing:
    """A whole number of at most 18 digits, without separators or unit."""
    (value,) = yield (F.when(text.rlike(r"^[+-]?[0-9]{1,18}\z"), text.try_cast("bigint")),)
    return Parsed(value=value, breaches={"integer_format": value.isNull()})


def plain(text: Column, given: Given) -> Plain:
    """A whole number."""
    return Plain(text.rlike("^[+-]?[0-9]{1,18}\\z"), text.try_cast("bigint"))
