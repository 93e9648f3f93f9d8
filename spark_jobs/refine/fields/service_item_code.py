"""Implementation code of a government-service item: 31 characters, first the social credit code of its body."""

from pyspark.sql import Column
from pyspark.sql import functions as F

from spark_jobs.refine.fields import uscc
from spark_jobs.refine.fields.characters import code_text, has_full_width, has_space
from spark_jobs.refine.fields.parsed import Given, Parsed, Parsing, Plain

_SHAPE = r"^[0-9A-HJ-NPQRTUWXY]{18}[0-9]{13}\z"
_LEVELS = r"^.{18}[1-6]"


def parse(text: Column, given: Given) -> Parsing:
    """The code in capitals and digits: credit code 18, level 1 (national to village), item 12."""
    (clean,) = yield (code_text(text),)
    (fits,) = yield (clean.rlike(_SHAPE),)
    (check,) = yield (F.when(fits, uscc.check_character(F.substring(clean, 1, 17))),)
    return Parsed(
        value=clean,
        breaches={
            "service_item_code_shape": ~fits,
            "service_item_code_checksum": F.substring(clean, 18, 1) != check,
            "service_item_code_level": ~clean.rlike(_LEVELS),
        },
        notes={
            "service_item_code_upper": text.rlike("[a-zａ-ｚ]"),
            "service_item_code_width": has_full_width(text),
            "service_item_code_spaces": has_space(given.source),
        },
    )


def plain(text: Column, given: Given) -> Plain:
    """The code in capitals and digits."""
    check = uscc.check_character(F.substring(text, 1, 17))
    return Plain(text.rlike(_SHAPE) & text.rlike(_LEVELS) & (F.substring(text, 18, 1) == check), text)
