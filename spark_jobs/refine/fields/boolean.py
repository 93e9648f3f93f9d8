"""Yes or no."""

from pyspark.sql import Column
from pyspark.sql import functions as F

from spark_jobs.refine.fields.parsed import Given, Parsed, Parsing, Plain

_YES, _NO = ("是", "1", "Y", "TRUE", "T"), ("否", "0", "N", "FALSE", "F")


def parse(text: Column, given: Given) -> Parsing:
    """True for 是, 1, Y and false for 否, 0, N; also for the words that databases write."""
    (upper,) = yield (F.upper(text),)
    (value,) = yield (F.when(upper.isin(*_YES), True).when(upper.isin(*_NO), False),)
    return Parsed(value=value, breaches={"boolean_format": value.isNull()})


def plain(text: Column, given: Given) -> Plain:
    """One of the words in capitals."""
    return Plain(text.isin(*_YES, *_NO), text.isin(*_YES))
