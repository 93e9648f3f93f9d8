"""Codes of hydrological stations (SL 502): eight digits, of stations built lately with letters."""

from pyspark.sql import Column

from spark_jobs.refine.fields.characters import code_text, has_full_width, has_space
from spark_jobs.refine.fields.parsed import Given, Parsed, Parsing, Plain

_SHAPE = r"^[0-9A-Z]{8}\z"


def parse(text: Column, given: Given) -> Parsing:
    """The eight characters in capitals, as the table of stations has them: some tables keep them in small letters."""
    (clean,) = yield (code_text(text),)
    return Parsed(
        value=clean,
        breaches={"hydrological_station_code_shape": ~clean.rlike(_SHAPE)},
        notes={
            "hydrological_station_code_upper": text.rlike("[a-zａ-ｚ]"),
            "hydrological_station_code_width": has_full_width(text),
            "hydrological_station_code_spaces": has_space(given.source),
        },
    )


def plain(text: Column, given: Given) -> Plain:
    """As the standard writes it."""
    return Plain(text.rlike(_SHAPE), text)
