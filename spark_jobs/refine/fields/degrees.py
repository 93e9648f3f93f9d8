"""Longitudes and latitudes in decimal degrees (GB/T 16831)."""

from pyspark.sql import Column

from spark_jobs.refine.fields.parsed import Given, Parsed, Parsing, Plain

_NUMBER = r"^[+-]?[0-9]{1,12}(?:\.[0-9]{1,15})?\z"
_DEGREES = r"^[+-]?[0-9]{1,3}(?:\.[0-9]{1,15})?\z"
_HALF_CIRCLE = 180


def parse(text: Column, given: Given) -> Parsing:
    """To a hundred-millionth of a degree, a millimetre; what is said more finely is rounded."""
    (is_number, degrees) = yield (text.rlike(_NUMBER), _degrees(text))
    return Parsed(
        value=degrees,
        breaches={
            "degrees_format": ~is_number,
            "degrees_range": degrees.isNull() | (degrees > _HALF_CIRCLE) | (degrees < -_HALF_CIRCLE),
        },
    )


def plain(text: Column, given: Given) -> Plain:
    """A decimal number within half a circle."""
    degrees = _degrees(text)
    return Plain(text.rlike(_DEGREES) & degrees.between(-_HALF_CIRCLE, _HALF_CIRCLE), degrees)


def _degrees(text: Column) -> Column:
    return text.try_cast("decimal(30,15)").try_cast("decimal(11,8)")
