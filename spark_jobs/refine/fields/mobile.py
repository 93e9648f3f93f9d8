"""Mobile phone numbers of the mainland."""

from pyspark.sql import Column
from pyspark.sql import functions as F

from spark_jobs.refine.fields.characters import SPACE, half_width
from spark_jobs.refine.fields.parsed import Given, Parsed, Parsing, Plain


def parse(text: Column, given: Given) -> Parsing:
    """Eleven digits without country code; another text is kept as it is, with a warning."""
    (plain,) = yield (text.rlike(r"^1[3-9][0-9]{9}\z"),)
    (digits,) = yield (F.when(~plain, F.regexp_replace(half_width(text), f"[{SPACE}-]+", "")),)
    (mended,) = yield (F.regexp_extract(digits, r"^(?:\+?86|0086)?(1[3-9][0-9]{9})\z", 1),)
    return Parsed(
        value=F.when(~plain & (mended != ""), mended).otherwise(text),
        breaches={"mobile_shape": ~plain & (mended == "")},
        notes={"mobile_cleaned": ~plain & (mended != "")},
    )


def plain(text: Column, given: Given) -> Plain:
    """Eleven digits."""
    return Plain(text.rlike("^1[3-9][0-9]{9}\\z"), text)
