"""Identifiers of persons and organisations: normalised, verified, as integers to join on.

A function that takes `text` takes it as delivered; one that takes a `number` takes what a `valid_…` function gives.
"""

from pyspark.sql import Column
from pyspark.sql import functions as F

from spark_jobs.entities.keys.hanzi import SPACES
from spark_jobs.entities.keys.patterns import throughout
from spark_jobs.refine.fields import resident_id, uscc

_FULL_OR_SMALL = "".join(map(chr, [*range(0xFF01, 0xFF5F), *range(ord("a"), ord("z") + 1)]))
_HALF_CAPITALS = "".join(map(chr, range(0x21, 0x7F))).upper() + "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_LEFT_OUT = SPACES + "-－‐–—"
_PROVINCE = "(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3])"
"""The first two digits of division codes (GB/T 2260), with those of residence permits (81, 82, 83)."""
_MONTH_AND_DAY = (
    "(?:(?:0[13578]|1[02])(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)(?:0[1-9]|[12][0-9]|30)|02(?:0[1-9]|1[0-9]|2[0-8]))"
)
_LEAP_DAY = "(?:(?:18|19|20)(?:0[48]|[2468][048]|[13579][26])|2000)0229"
_DIGITS, _LETTERS = "0123456789", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_PLACEHOLDER = f"^(?:{throughout(_DIGITS, 6)}|123456|654321|[0-9]{{6}}19000101|[0-9]{{15}}000)"
_CITIZEN_NUMBER = (
    f"^(?:9{_PROVINCE}[0-9]{{3}}|{_PROVINCE}[0-9]{{4}})"
    f"(?:(?:18|19|20)[0-9]{{2}}{_MONTH_AND_DAY}|{_LEAP_DAY})[0-9]{{3}}[0-9X]$"
)
_TYPED_FOR_NOTHING = f"^(?:{throughout(_DIGITS, 14, or_more=True)}|0?123456789[0-9]*)$"
"""What is typed where a form wants a citizen number; `_PLACEHOLDER` is wider, as it may also be a number's damage."""
_DIALLED_FIRST = "^(?:0086(.*)|86(1[3-9][0-9]{9})|0(?:10|2[0-9]|[3-9][0-9]{2})([2-8][0-9]{6,7}))$"
"""The country before a number, or the area before a landline's seven or eight digits; the groups are what follows.

Areas that begin with 1 or 2 have two digits after the 0 (010 Beijing, 027 Wuhan), all others three (0715 Xianning).
"""
_SEVEN_ALIKE = f"^.*{throughout(_DIGITS, 7)}.*$"
_CREDIT_CODE = "^[0-9A-HJ-NPQRTUWXY]{18}$"
"""The 31 characters of GB 32100-2015, clause 4.2: no I, O, S, V, Z."""
_ORGANISATION_CODE = "^[0-9A-Z]{8}[0-9X]$"
_REGISTRATION_NUMBER = "^[0-9]{15}$"
_NO_REGISTRATION_NUMBER = f"^(?:{throughout(_DIGITS, 15)}|123456)"
_ONE_THROUGHOUT = f"^(?:{throughout(_DIGITS + _LETTERS, 9, or_more=True)})$"
"""Codes that were typed because the form wanted one."""


def as_written(text: Column) -> Column:
    """The text in half-width capitals without white space or hyphens; null where nothing is left."""
    return F.nullif(_clean(text), F.lit(""))


def _clean(text: Column) -> Column:
    return F.translate(text, _FULL_OR_SMALL + _LEFT_OUT, _HALF_CAPITALS)


def citizen_number(text: Column) -> Column:
    """The citizen number in 18 characters where it has the shape of one, else the text as written.

    A number of 15 digits is upgraded (GB 11643-1999): century 19, but 18 for the centenarians' sequences 996 to 999.
    One digit throughout, or digits counting up, were typed because the form wanted a number: null.
    """
    return F.nullif(F.regexp_replace(_upgraded(text), _TYPED_FOR_NOTHING, ""), F.lit(""))


def telephone(text: Column) -> Column:
    """The digits of a mobile or landline without those of country and area, so that 0715-8256789 is 8256789.

    Null where seven digits running are the same: that was typed because the form wanted a number.
    """
    own = F.regexp_replace(F.regexp_replace(_clean(text), "[^0-9]", ""), _DIALLED_FIRST, "$1$2$3")
    return F.nullif(F.regexp_replace(own, _SEVEN_ALIKE, ""), F.lit(""))


def _upgraded(text: Column) -> Column:
    clean = _clean(text)
    century = F.when(F.substring(clean, 13, 3) >= "996", "18").otherwise("19")
    body = F.concat(F.substring(clean, 1, 6), century, F.substring(clean, 7, 9))
    is_old = (F.length(clean) == 15) & clean.rlike("^[0-9]{15}$")
    return F.when(is_old, F.concat(body, resident_id.check_character(body))).otherwise(clean)


def valid_citizen_number(text: Column) -> Column:
    """The 18 characters where they can be a person's number, else null (GB 11643-1999).

    Province, date and check character are right, and it is no placeholder: 1900-01-01, areas such as 111111 and
    123456, and whatever ends in 000, as numbers do that a spreadsheet rounded; one in eleven of those has the right
    check character, and would be shared by all persons of a county and birthday.
    """
    return valid_of_number(_upgraded(text))


def valid_of_number(number: Column) -> Column:
    """Like `valid_citizen_number`, of what `citizen_number` gives, which is neither cleaned nor upgraded once more."""
    # One conjunction: Spark computes what its parts share once, but not what the branches of a CASE share.
    is_right = resident_id.check_character(F.substring(number, 1, 17)) == F.substring(number, 18, 1)
    return F.when(number.rlike(_CITIZEN_NUMBER) & is_right & ~number.rlike(_PLACEHOLDER), number)


def as_long(number: Column) -> Column:
    """A valid citizen number as an integer: its 17 digits times 11, plus the value of the check character."""
    check = F.substring(number, 18, 1)
    value = F.when(check == "X", 10).otherwise(check.try_cast("bigint"))
    return F.substring(number, 1, 17).try_cast("bigint") * 11 + value


def credit_code(text: Column) -> Column:
    """The unified social credit code as written; confusable letters stay as they are."""
    return as_written(text)


def valid_credit_code(text: Column) -> Column:
    """The 18 characters where the code's check character is right, else null (GB 32100-2015, clause 4.5)."""
    return _valid_code(_clean(text))


def repaired_credit_code(text: Column) -> Column:
    """A valid code after O, I, Z, S, which no code has, are read as 0, 1, 2, 5: a match key, not the code."""
    return _valid_code(F.translate(_clean(text), "OIZS", "0125"))


def _valid_code(code: Column) -> Column:
    is_right = uscc.check_character(F.substring(code, 1, 17)) == F.substring(code, 18, 1)
    return F.when(code.rlike(_CREDIT_CODE) & is_right & ~code.rlike(_ONE_THROUGHOUT), code)


def credit_code_as_long(number: Column) -> Column:
    """A valid code as an integer: a hash, since 31 to the 17th does not fit into 64 bits."""
    return F.when(number.isNotNull(), F.xxhash64(number))


def organisation_code(text: Column) -> Column:
    """The organisation code in 9 characters, `XXXXXXXX-X` without its hyphen, where its check is right, else null.

    GB 11714-1997: weights 3 7 9 10 5 8 4 2, check 11 − Σ mod 11, X for 10 and 0 for 11.
    """
    code = _clean(text)
    check = F.substring(F.lit("0X987654321"), _weighted(code) % 11 + 1, F.lit(1))
    is_right = check == F.substring(code, 9, 1)
    return F.when(code.rlike(_ORGANISATION_CODE) & is_right & ~code.rlike(_ONE_THROUGHOUT), code)


def _weighted(code: Column) -> Column:
    weights = (3, 7, 9, 10, 5, 8, 4, 2)
    values = [F.instr(F.lit("123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"), F.substring(code, at, 1)) for at in range(1, 9)]
    total: Column = F.lit(0)
    for value, weight in zip(values, weights, strict=True):
        total = total + value * weight
    return total


def organisation_code_of(uscc_text: Column, organisation_text: Column) -> Column:
    """The organisation code, from characters 9 to 17 of the credit code or as given: a bridge between registers.

    Registers from before 2015 have the organisation code alone, later ones have it within the credit code (GB
    32100-2015, clause 4.4).
    """
    return F.coalesce(F.substring(repaired_credit_code(uscc_text), 9, 9), organisation_code(organisation_text))


def organisation_code_as_long(number: Column) -> Column:
    """A valid organisation code as an integer: its first eight characters in base 36, which settle the check."""
    return F.conv(F.substring(number, 1, 8), 36, 10).try_cast("bigint")


def registration_number(text: Column) -> Column:
    """The old business registration number (GS 15-2006) where it has its 15 digits, else null."""
    clean = _clean(text)
    return F.when(clean.rlike(_REGISTRATION_NUMBER) & ~clean.rlike(_NO_REGISTRATION_NUMBER), clean)


def registration_number_as_long(number: Column) -> Column:
    """A registration number as an integer."""
    return number.try_cast("bigint")
