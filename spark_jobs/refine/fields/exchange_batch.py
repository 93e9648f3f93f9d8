"""Batch numbers of exchanged tables (`cd_batch` of 互联网+监管): date and number of the run on that day."""

from pyspark.sql import Column
from pyspark.sql import functions as F

from spark_jobs.refine.fields.parsed import Given, Parsed, Parsing, Plain

_BATCH = r"^[0-9]{13}\z"
_NO_RUN = "00000"


def parse(text: Column, given: Given) -> Parsing:
    """The thirteen digits, whose first eight are a date; runs are counted from 1."""
    (day,) = yield (_day(text),)
    return Parsed(
        value=text,
        breaches={
            "exchange_batch_shape": day.isNull() | (F.substring(text, 9, 5) == _NO_RUN),
            "exchange_batch_in_future": day > given.business_date,
        },
    )


def plain(text: Column, given: Given) -> Plain:
    """A run of a day until the business date."""
    return Plain((_day(text) <= given.business_date) & (F.substring(text, 9, 5) != _NO_RUN), text)


def _day(text: Column) -> Column:
    moment = F.try_to_timestamp(F.when(text.rlike(_BATCH), F.substring(text, 1, 8)), F.lit("yyyyMMdd"))
    return moment.cast("date")
