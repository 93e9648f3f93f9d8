"""Real-estate unit numbers (GB/T 37346-2019): 28 characters, parcel first, then what stands on it."""

from pyspark.sql import Column
from pyspark.sql import functions as F

from spark_jobs.refine.fields.characters import code_text, has_full_width, has_space
from spark_jobs.refine.fields.parsed import Given, Parsed, Parsing, Plain

_PARCEL = "[0-9]{12}(?:JA|[GJZ][BSXCDEFHGWY])[0-9]{5}"
"""County, cadastral district and sub-district, two letters, sequence; A is collective ownership, of J alone."""
_NUMBER = rf"^{_PARCEL}[FLQW][0-9]{{8}}\z"
_COUNTY = r"^[1-8][0-9]{3}(?:0[1-9]|[1-9][0-9])"


def parse(text: Column, given: Given) -> Parsing:
    """The number in capitals and digits; blanks between its parts, as certificates print it, are taken out."""
    (clean,) = yield (code_text(text),)
    return Parsed(
        value=clean,
        breaches={
            "real_estate_unit_number_shape": ~clean.rlike(_NUMBER),
            "real_estate_unit_number_without_fixture": _contradicts_itself(clean),
            "real_estate_unit_number_elsewhere": ~clean.rlike(_COUNTY),
        },
        notes={
            "real_estate_unit_number_upper": text.rlike("[a-zａ-ｚ]"),
            "real_estate_unit_number_width": has_full_width(text),
            "real_estate_unit_number_spaces": has_space(given.source),
        },
    )


def plain(text: Column, given: Given) -> Plain:
    """The number in capitals and digits."""
    return Plain(text.rlike(_NUMBER) & text.rlike(_COUNTY) & ~_contradicts_itself(text), text)


def _contradicts_itself(number: Column) -> Column:
    """Nothing stands there, and yet it has a number."""
    return (F.substring(number, 20, 1) == "W") & (F.substring(number, 21, 8) != "00000000")
