"""The old business registration number (GS 15-2006): 15 digits."""

from pyspark.sql import Column
from pyspark.sql import functions as F

from spark_jobs.refine.fields.characters import without_spaces
from spark_jobs.refine.fields.parsed import Given, Parsed, Parsing


def parse(text: Column, given: Given) -> Parsing:
    """The 15 digits; a wrong check digit only warns, since early numbers were issued with one."""
    (clean,) = yield (without_spaces(text),)
    (fits,) = yield (clean.rlike(r"^[0-9]{15}\z"),)
    product: Column = F.lit(10)
    for first in (1, 5, 9, 13):
        (product,) = yield (_folded(product, clean, range(first, min(first + 4, 15))),)
    check = ((F.lit(11) - product) % 10).cast("string")
    return Parsed(
        value=clean,
        breaches={
            "registration_number_shape": ~fits,
            "registration_number_checksum": check != F.substring(clean, 15, 1),
        },
    )


def _folded(product: Column, number: Column, places: range) -> Column:
    """Running product of ISO 7064 MOD 11,10 after these digits; a few at a time, for plans may nest 100 deep only."""
    for place in places:
        digit = F.substring(number, place, 1).try_cast("int")
        # (x + 9) % 10 + 1 is x modulo 10 with 10 for 0, written so that the product appears once.
        product = ((product + digit + 9) % 10 + 1) * 2 % 11
    return product
