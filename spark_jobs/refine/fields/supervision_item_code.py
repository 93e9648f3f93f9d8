"""Codes of entries of the supervision list (互联网+监管): 14 digits."""

from pyspark.sql import Column

from spark_jobs.refine.fields.characters import code_text, has_full_width, has_space
from spark_jobs.refine.fields.parsed import Given, Parsed, Parsing, Plain

_CODE = r"^[0-9]{14}\z"


def parse(text: Column, given: Given) -> Parsing:
    """The 14 digits, without blanks."""
    (clean,) = yield (code_text(text),)
    return Parsed(
        value=clean,
        breaches={"supervision_item_code_shape": ~clean.rlike(_CODE)},
        notes={
            "supervision_item_code_width": has_full_width(text),
            "supervision_item_code_spaces": has_space(given.source),
        },
    )


def plain(text: Column, given: Given) -> Plain:
    """14 digits."""
    return Plain(text.rlike(_CODE), text)
