"""Text as it is, but for a number that a spreadsheet has shortened."""

from pyspark.sql import Column

from spark_jobs.refine.fields.characters import has_outer_space
from spark_jobs.refine.fields.parsed import Given, Parsed, Parsing, Plain

_SHORTENED = r"^[0-9](?:\.[0-9]{1,5})?E\+(?:1[1-9]|[2-9][0-9])\z"
"""What spreadsheets show of a number of twelve digits and more; a table of their own that is saved as text has it too.

An account of 19 digits is none any more, and as a key it would be that of many.
"""


def parse(text: Column, given: Given) -> Parsing:
    """The text without white space around it; conform takes that off every field, and says so here."""
    (trimmed,) = yield (given.source != text,)
    return Parsed(value=text, breaches={"string_excel_damage": text.rlike(_SHORTENED)}, notes={"trimmed": trimmed})


def plain(text: Column, given: Given) -> Plain:
    """A text without white space around it, and without what such a number has."""
    return Plain(~has_outer_space(text) & ~text.contains("E+"), text)
