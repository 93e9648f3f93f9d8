"""Amounts of money, always in yuan."""

from pyspark.sql import Column
from pyspark.sql import functions as F

from spark_jobs.refine.fields.characters import half_width, without_spaces
from spark_jobs.refine.fields.parsed import Given, Parsed, Parsing, Plain

_UNITS = {"yuan": ("元", 1, 2), "wan_yuan": ("万元", 10_000, 6)}
"""Unit -> its word, yuan in it, decimal places that stay within a fen."""


def parse(text: Column, given: Given) -> Parsing:
    """Yuan with two decimals; `1,234.5元` in either width is read, with a note.

    Nothing is guessed: brackets for negatives, another unit's word, misplaced thousands separators and fractions of a
    fen are breaches.
    """
    word, factor, places = _UNITS[given.column.unit or "yuan"]
    digits = rf"(\.[0-9]{{1,{places}}})?"
    (is_plain,) = yield (text.rlike(rf"^[+-]?[0-9]{{1,16}}{digits}\z"),)
    (clean,) = yield (F.when(is_plain, text).otherwise(without_spaces(half_width(text))),)
    is_written = rf"^[+-]?([0-9]{{1,16}}|[0-9]{{1,3}}(,[0-9]{{3}}){{1,5}}){digits}({word})?\z"
    (bare,) = yield (F.when(is_plain, clean).when(clean.rlike(is_written), F.regexp_replace(clean, f"[,{word}]", "")),)
    yuan = bare.try_cast("decimal(24,6)") * F.lit(factor).cast("decimal(5,0)")
    (value,) = yield (yuan.try_cast("decimal(18,2)"),)
    return Parsed(value=value, breaches={"amount_format": value.isNull()}, notes={"amount_text": ~is_plain})


def plain(text: Column, given: Given) -> Plain:
    """A number without separators or unit."""
    _, factor, places = _UNITS[given.column.unit or "yuan"]
    yuan = text.try_cast("decimal(24,6)") * F.lit(factor).cast("decimal(5,0)")
    value = yuan.try_cast("decimal(18,2)")
    return Plain(text.rlike(rf"^[+-]?[0-9]{{1,16}}(\.[0-9]{{1,{places}}})?\z") & value.isNotNull(), value)
