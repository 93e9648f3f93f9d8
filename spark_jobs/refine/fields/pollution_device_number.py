"""Numbers of devices that watch polluters (MN of HJ 212-2017, 6.3.3): 24 digits and letters."""

from pyspark.sql import Column

from spark_jobs.refine.fields.characters import code_text, has_full_width, has_space
from spark_jobs.refine.fields.parsed import Given, Parsed, Parsing, Plain

_SHAPE = r"^[0-9A-Z]{24}\z"


def parse(text: Column, given: Given) -> Parsing:
    """The 24 characters in capitals."""
    (clean,) = yield (code_text(text),)
    return Parsed(
        value=clean,
        breaches={"pollution_device_number_shape": ~clean.rlike(_SHAPE)},
        notes={
            "pollution_device_number_upper": text.rlike("[a-zａ-ｚ]"),
            "pollution_device_number_width": has_full_width(text),
            "pollution_device_number_spaces": has_space(given.source),
        },
    )


def plain(text: Column, given: Given) -> Plain:
    """As the standard writes it."""
    return Plain(text.rlike(_SHAPE), text)
