"""Plates of motor vehicles (GA 36-2018)."""

from pyspark.sql import Column
from pyspark.sql import functions as F

from spark_jobs.refine.fields.characters import SPACE, code_text, has_full_width
from spark_jobs.refine.fields.parsed import Given, Parsed, Parsing, Plain

_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_LETTERS = "A-HJ-NP-Z"
"""Without I and O, which are taken for 1 and 0."""
_SHAPE = (
    f"^[{_PROVINCES}][{_LETTERS}]"
    f"([{_LETTERS}0-9]{{4}}[{_LETTERS}0-9挂学警港澳]|[A-HJK][{_LETTERS}0-9][0-9]{{4}}|[0-9]{{5}}[A-HJK])\\z"
)
"""Five signs, or six of vehicles of new energy: small ones begin with a letter, large ones end with it."""
_MARKS = f"[{SPACE}·•.-]"


def parse(text: Column, given: Given) -> Parsing:
    """The plate without blanks and dots, in capitals; O and 0, I and 1 are never exchanged."""
    (clean,) = yield (F.regexp_replace(code_text(text), f"{_MARKS}+", ""),)
    return Parsed(
        value=clean,
        breaches={"plate_number_shape": ~clean.rlike(_SHAPE)},
        notes={
            "plate_number_upper": text.rlike("[a-zａ-ｚ]"),
            "plate_number_width": has_full_width(text),
            "plate_number_mark": text.rlike(_MARKS),
        },
    )


def plain(text: Column, given: Given) -> Plain:
    """The plate as it is issued."""
    return Plain(text.rlike(_SHAPE), text)
