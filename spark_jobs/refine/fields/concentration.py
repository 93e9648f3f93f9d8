"""Measured concentrations, of which some are only known to be below what the method can detect."""

from pyspark.sql import Column
from pyspark.sql import functions as F

from spark_jobs.refine.fields.characters import code_text
from spark_jobs.refine.fields.parsed import Given, Parsed, Parsing

_NUMBER = r"[0-9]{1,12}(?:\.[0-9]{1,6})?"
_CENSORED = rf"^(?:[<≤]{_NUMBER}|{_NUMBER}L)\z"
_DECIMAL = "decimal(18,6)"


def parse(text: Column, given: Given) -> Parsing:
    """A struct: the value, or none and the limit that it is below; never a half or a zero in its place.

    `0.01L`, as HJ 91.2 writes it, and `<0.01`, as laboratories do, say the same.
    """
    (clean,) = yield (code_text(text),)
    is_censored = clean.rlike(_CENSORED)
    is_number = clean.rlike(rf"^{_NUMBER}\z")
    (censored, known, number) = yield (
        is_censored,
        is_number | is_censored,
        F.regexp_replace(clean, "[<≤L]", "").try_cast(_DECIMAL),
    )
    value = F.struct(
        F.when(~censored, number).alias("value"),
        F.when(censored, number).alias("detection_limit"),
        censored.alias("is_below_limit"),
    )
    return Parsed(
        value=F.when(known, value),
        breaches={"concentration_format": ~known},
        notes={"concentration_censored": censored},
    )
