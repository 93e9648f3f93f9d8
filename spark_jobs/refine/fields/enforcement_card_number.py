"""Numbers of enforcement cards in the nation's form: eleven digits."""

from pyspark.sql import Column

from spark_jobs.refine.fields.characters import code_text, has_full_width, has_space
from spark_jobs.refine.fields.parsed import Given, Parsed, Parsing, Plain

_SHAPE = r"^[0-9]{11}\z"


def parse(text: Column, given: Given) -> Parsing:
    """The eleven digits."""
    (clean,) = yield (code_text(text),)
    return Parsed(
        value=clean,
        breaches={"enforcement_card_number_shape": ~clean.rlike(_SHAPE)},
        notes={
            "enforcement_card_number_width": has_full_width(text),
            "enforcement_card_number_spaces": has_space(given.source),
        },
    )


def plain(text: Column, given: Given) -> Plain:
    """As the standard writes it."""
    return Plain(text.rlike(_SHAPE), text)
