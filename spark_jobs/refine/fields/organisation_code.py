"""Code of an organisation before 2015 (GB 11714-1997), which is characters 9 to 17 of its social credit code."""

from functools import reduce
from operator import add

from pyspark.sql import Column
from pyspark.sql import functions as F

from spark_jobs.refine.fields.characters import code_text, has_full_width, has_space
from spark_jobs.refine.fields.parsed import Given, Parsed, Parsing, Plain
from spark_jobs.refine.fields.resident_id import EXCEL_SCIENTIFIC

_SHAPE = r"^[0-9A-Z]{8}[0-9X]\z"
_HYPHENATED = r"^[0-9A-Z]{8}-[0-9X]\z"
_CHARACTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


def parse(text: Column, given: Given) -> Parsing:
    """The nine characters; the hyphen before the check character, as certificates print it, is taken out."""
    (written,) = yield (code_text(text),)
    (clean,) = yield (F.when(written.rlike(_HYPHENATED), F.translate(written, "-", "")).otherwise(written),)
    (fits,) = yield (clean.rlike(_SHAPE),)
    return Parsed(
        value=clean,
        breaches={
            "organisation_code_excel_damage": clean.rlike(EXCEL_SCIENTIFIC) | clean.rlike(r"^[0-9]{1,7}[0-9X]\z"),
            "organisation_code_shape": ~fits,
            "organisation_code_checksum": F.when(fits, F.substring(clean, 9, 1) != check_character(clean)),
        },
        notes={
            "organisation_code_hyphen": written != clean,
            "organisation_code_upper": text.rlike("[a-zａ-ｚ]"),
            "organisation_code_width": has_full_width(text),
            "organisation_code_spaces": has_space(given.source),
        },
    )


def check_character(code: Column) -> Column:
    """Check character of the first eight: 11 − Σ mod 11, with X for 10 and 0 for 11."""
    total = reduce(add, (_value(code, place) * weight for place, weight in enumerate(_WEIGHTS, 1)))
    return F.substring(F.lit("0X987654321"), total % 11 + 1, F.lit(1))


def _value(code: Column, place: int) -> Column:
    return F.instr(F.lit(_CHARACTERS), F.substring(code, place, 1)) - 1


def plain(text: Column, given: Given) -> Plain:
    """Nine capitals and digits."""
    return Plain(text.rlike(_SHAPE) & (F.substring(text, 9, 1) == check_character(text)), text)
