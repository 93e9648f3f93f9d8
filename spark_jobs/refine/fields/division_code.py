"""Codes of administrative divisions (GB/T 2260-2007, GB/T 10114-2003) by both authorities, on a date."""

from pyspark.sql import Column
from pyspark.sql import functions as F

from spark_jobs.refine.fields.characters import half_width, without_spaces
from spark_jobs.refine.fields.code_pattern import pattern_of
from spark_jobs.refine.fields.known_codes import KnownCodes
from spark_jobs.refine.fields.parsed import Given, Parsed, Parsing, Plain

_XIANNING = "4212"
OPEN_END = "999912"
"""End of a code that is in force."""


def parse(text: Column, given: Given) -> Parsing:
    """The code as delivered: 6 digits of a county, 9 of a town or 12 of a village; shorter ones padded with zeros.

    Towns and villages are known for Xianning only; elsewhere a code stands or falls with its county.
    """
    (clean,) = yield (without_spaces(half_width(text)),)
    (own,) = yield (_own_length(clean),)
    (is_in_force,) = yield (own.rlike(in_force(given.known)),)
    end = _end_of(own, given)
    return Parsed(
        value=clean,
        breaches={
            "division_code_shape": own.isNull(),
            "division_code_unknown": ~is_in_force & end.isNull(),
            "division_code_not_in_force": ~is_in_force & (F.date_format(given.business_date, "yyyyMM") >= end),
        },
    )


def _own_length(clean: Column) -> Column:
    """The code that decides: without padding, and outside Xianning the county's; null where the shape is wrong."""
    has_shape = clean.rlike(r"^([0-9]{6}|[0-9]{9}|[0-9]{12})\z")
    is_county = (F.length(clean) == 6) | F.endswith(clean, F.lit("000000")) | ~clean.startswith(_XIANNING)
    is_town = (F.length(clean) == 9) | F.endswith(clean, F.lit("000"))
    own = F.when(is_county, F.substring(clean, 1, 6)).when(is_town, F.substring(clean, 1, 9)).otherwise(clean)
    return F.when(has_shape, own)


def _end_of(own: Column, given: Given) -> Column:
    """Month in which a code ended, null for one that never existed; a search, so for few rows only."""
    ends = sorted((code, span.until) for code, span in given.known.divisions.items() if span.until != OPEN_END)
    codes, months = (F.split(F.lit(" ".join(words)), " ") for words in zip(*ends, strict=True))
    return F.get(months, F.array_position(codes, own).cast("int") - 1)


def plain(text: Column, given: Given) -> Plain:
    """A code in force."""
    return Plain(_own_length(text).rlike(in_force(given.known)), text)


def in_force(known: KnownCodes) -> str:
    """A regular expression of the codes that have not ended."""
    return pattern_of(code for code, span in known.divisions.items() if span.until == OPEN_END)
