"""Codes of a closed list."""

from pyspark.sql import Column

from spark_jobs.refine.fields.code_pattern import pattern_of
from spark_jobs.refine.fields.parsed import Given, Parsed, Parsing, Plain

_FEW = 100
"""So many codes are looked up faster in a hash set than by a pattern."""


def parse(text: Column, given: Given) -> Parsing:
    """The code itself, where the contract's `values` or its code table has it."""
    (is_known,) = yield (_is_known(text, given),)
    return Parsed(value=text, breaches={"unknown_code": ~is_known})


def plain(text: Column, given: Given) -> Plain:
    """A code of the list."""
    return Plain(_is_known(text, given), text)


def _is_known(text: Column, given: Given) -> Column:
    column = given.column
    allowed = set(column.values) if column.values is not None else given.known.tables[str(column.code_table)]
    return text.isin(sorted(allowed)) if len(allowed) <= _FEW else text.rlike(pattern_of(allowed))
