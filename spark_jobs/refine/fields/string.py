"""Text as it is."""

from pyspark.sql import Column

from spark_jobs.refine.fields.characters import has_outer_space
from spark_jobs.refine.fields.parsed import Given, Parsed, Parsing, Plain


def parse(text: Column, given: Given) -> Parsing:
    """The text without white space around it; conform takes that off every field, and says so here."""
    (trimmed,) = yield (given.source != text,)
    return Parsed(value=text, notes={"trimmed": trimmed})


def plain(text: Column, given: Given) -> Plain:
    """A text without white space around it."""
    return Plain(~has_outer_space(text), text)
