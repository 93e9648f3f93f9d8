"""Text as it is."""

from pyspark.sql import Column

from spark_jobs.refine.fields.parsed import Given, Parsed, Parsing


def parse(text: Column, given: Given) -> Parsing:
    """The text without white space around it; conform takes that off every field, and says so here."""
    (trimmed,) = yield (given.source != text,)
    return Parsed(value=text, notes={"trimmed": trimmed})
