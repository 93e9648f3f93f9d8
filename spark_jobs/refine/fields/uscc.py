"""Unified social credit code of organisations (GB 32100-2015)."""

from pyspark.sql import Column
from pyspark.sql import functions as F

from spark_jobs.refine.fields.characters import code_text, has_full_width, has_space
from spark_jobs.refine.fields.parsed import Given, Parsed, Parsing, Plain
from spark_jobs.refine.fields.resident_id import EXCEL_SCIENTIFIC

_CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""The 31 characters of clause 4.2: no I, O, S, V, Z."""
_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTU"
"""The same values as digits of base 31 and above."""
_DEPARTMENTS = "123456789ANY"
"""First character, clause 4.1: 机构编制 … 其他."""


def parse(text: Column, given: Given) -> Parsing:
    """The code in 18 capitals and digits, where its check character is right.

    O and 0, I and 1 are never exchanged: what was meant cannot be known.
    """
    (clean,) = yield (code_text(text),)
    (fits,) = yield (clean.rlike(rf"^[{_CHARACTERS}]{{18}}\z"),)
    (check,) = yield (F.when(fits, check_character(F.substring(clean, 1, 17))),)
    is_number = clean.rlike(r"^[0-9]{15}000\z") & (check != "0")
    return Parsed(
        value=clean,
        breaches={
            "uscc_excel_damage": clean.rlike(EXCEL_SCIENTIFIC) | is_number,
            "uscc_shape": ~fits,
            "uscc_department": ~F.substring(clean, 1, 1).isin(list(_DEPARTMENTS)),
            "uscc_checksum": F.substring(clean, 18, 1) != check,
        },
        notes={
            "uscc_upper": text.rlike("[a-zａ-ｚ]"),
            "uscc_width": has_full_width(text),
            "uscc_spaces": has_space(given.source),
        },
    )


def check_character(body: Column) -> Column:
    """Check character of 17 characters: (31 − Σ cᵢ·3ⁱ mod 31) mod 31, clause 4.5.

    34 is 3 modulo 31, so the sum is the reversed text read in base 34; it is read in two parts to fit into 64 bits.
    The outer modulus is what makes check character 0 possible.
    """
    reversed_digits = F.reverse(F.translate(body, _CHARACTERS, _DIGITS))
    high = F.conv(F.substring(reversed_digits, 1, 5), 34, 10).try_cast("bigint") % 31
    low = F.conv(F.substring(reversed_digits, 6, 12), 34, 10).try_cast("bigint") % 31
    remainder = (high * pow(3, 12, 31) + low) % 31
    return F.substring(F.lit(_CHARACTERS), ((F.lit(31) - remainder) % 31).cast("int") + 1, F.lit(1))


def plain(text: Column, given: Given) -> Plain:
    """The code in capitals and digits."""
    holds = (
        text.rlike(f"^[{_DEPARTMENTS}][{_CHARACTERS}]{{17}}\\z")
        & ~text.rlike(EXCEL_SCIENTIFIC)
        & (F.substring(text, 18, 1) == check_character(F.substring(text, 1, 17)))
    )
    return Plain(holds, text)
