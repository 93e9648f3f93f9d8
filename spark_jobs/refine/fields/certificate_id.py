"""Identifier of an electronic certificate (GB/T 36904-2018)."""

from pyspark.sql import Column
from pyspark.sql import functions as F

from spark_jobs.refine.fields import uscc
from spark_jobs.refine.fields.characters import code_text, has_full_width, has_space
from spark_jobs.refine.fields.parsed import Given, Parsed, Parsing, Plain

ROOT = "1.2.156.3005.2."
"""The object identifier that all certificates share; the check does not cover it."""
_CHARACTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_SHAPE = r"^1\.2\.156\.3005\.2\.[0-9A-HJ-NPQRTUWXY]{18}[0-9]{3}\.[0-9A-Z]{6,21}\.[0-9A-Z]{1,64}\.[0-9]{3}\.[0-9A-Z]\z"


def parse(text: Column, given: Given) -> Parsing:
    """The identifier: root, type (its ministry's credit code and 3 digits), issuer, serial, version of 3, check.

    Issuers write a credit code, a division's six digits or more, and serials are free, so their length says nothing.
    """
    (clean,) = yield (code_text(text),)
    (fits,) = yield (clean.rlike(_SHAPE),)
    ministry, body = yield (
        F.when(fits, F.substring(clean, len(ROOT) + 1, 18)),
        F.when(fits, checked_part(clean)),
    )
    return Parsed(
        value=clean,
        breaches={
            "certificate_id_shape": ~fits,
            "certificate_id_type": F.substring(ministry, 18, 1) != uscc.check_character(F.substring(ministry, 1, 17)),
            "certificate_id_checksum": F.right(clean, F.lit(1)) != check_character(body),
        },
        notes={
            "certificate_id_upper": text.rlike("[a-zａ-ｚ]"),
            "certificate_id_width": has_full_width(text),
            "certificate_id_spaces": has_space(given.source),
        },
    )


def checked_part(identifier: Column) -> Column:
    """Type, issuer, serial and version without the dots between them."""
    start = F.lit(len(ROOT) + 1)
    return F.translate(F.substring(identifier, start, F.length(identifier) - len(ROOT) - 2), ".", "")


def check_character(body: Column) -> Column:
    """Check character by ISO 7064 MOD 37,36, for a body of any length; null for none."""
    product = F.aggregate(
        F.sequence(F.lit(1), F.length(body)),
        F.lit(36),
        lambda so_far, place: _next(so_far, F.instr(F.lit(_CHARACTERS), F.substring(body, place, F.lit(1))) - 1),
    )
    return F.substring(F.lit(_CHARACTERS), (F.lit(37) - product) % 36 + 1, F.lit(1))


def _next(product: Column, value: Column) -> Column:
    """The running product after one character; (x + 35) % 36 + 1 is x modulo 36 with 36 for 0."""
    return ((product + value + 35) % 36 + 1) * 2 % 37


def plain(text: Column, given: Given) -> Plain:
    """The identifier in capitals and digits."""
    fits = text.rlike(_SHAPE)
    ministry = F.substring(text, len(ROOT) + 1, 18)
    is_ministry = F.substring(ministry, 18, 1) == uscc.check_character(F.substring(ministry, 1, 17))
    check = check_character(checked_part(F.when(fits, text)))
    return Plain(fits & is_ministry & (F.right(text, F.lit(1)) == check), text)
