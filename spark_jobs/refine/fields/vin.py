"""Vehicle identification numbers (GB 16735-2019)."""

from pyspark.sql import Column
from pyspark.sql import functions as F

from spark_jobs.refine.fields.characters import code_text, has_full_width, has_space
from spark_jobs.refine.fields.parsed import Given, Parsed, Parsing, Plain

_SHAPE = r"^[A-HJ-NPR-Z0-9]{17}\z"
_CHARACTERS, _VALUES = "ABCDEFGHJKLMNPRSTUVWXYZ", "12345678123457923456789"
"""What each letter counts, clause 5.4."""
_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
_CHECK_PLACE = 9


def parse(text: Column, given: Given) -> Parsing:
    """The number in 17 capitals and digits, where its check digit is right."""
    (clean,) = yield (code_text(text),)
    (fits,) = yield (clean.rlike(_SHAPE),)
    (check,) = yield (F.when(fits, check_digit(clean)),)
    return Parsed(
        value=clean,
        breaches={"vin_shape": ~fits, "vin_checksum": F.substring(clean, _CHECK_PLACE, 1) != check},
        notes={
            "vin_upper": text.rlike("[a-zａ-ｚ]"),
            "vin_width": has_full_width(text),
            "vin_spaces": has_space(given.source),
        },
    )


def plain(text: Column, given: Given) -> Plain:
    """The number in capitals and digits."""
    return Plain(text.rlike(_SHAPE) & (F.substring(text, _CHECK_PLACE, 1) == check_digit(text)), text)


def check_digit(number: Column) -> Column:
    """The ninth character that a number of the right shape should have: its weighted sum modulo 11, X for ten."""
    digits = F.translate(number, _CHARACTERS, _VALUES)
    parts = [F.substring(digits, place, 1).try_cast("int") * weight for place, weight in enumerate(_WEIGHTS, 1)]
    return F.substring(F.lit("0123456789X"), (_sum(parts) % 11).cast("int") + 1, F.lit(1))


def _sum(parts: list[Column]) -> Column:
    """Their sum as a tree, for plans may nest 100 deep only."""
    if len(parts) == 1:
        return parts[0]
    middle = len(parts) // 2
    return _sum(parts[:middle]) + _sum(parts[middle:])
