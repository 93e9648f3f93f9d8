"""Citizen number (GB 11643-1999) and the numbers of its shape for residents who are not citizens."""

from pyspark.sql import Column
from pyspark.sql import functions as F

from spark_jobs.refine.fields.characters import code_text, has_full_width, has_space
from spark_jobs.refine.fields.code_pattern import alternatives, pattern_of
from spark_jobs.refine.fields.known_codes import KnownCodes
from spark_jobs.refine.fields.parsed import Given, Parsed, Parsing, Plain

EXCEL_SCIENTIFIC = r"^[0-9](\.[0-9]+)?E\+?[0-9]+\z"
"""A long number that a spreadsheet turned into a float."""
_DAY = (
    "(?:(?:0[13578]|1[02])(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)(?:0[1-9]|[12][0-9]|30)|02(?:0[1-9]|1[0-9]|2[0-8]))"
)
"""Month and day that every year has."""
_LEAP_YEAR = "(?:(?:18|19|20)(?:0[48]|[2468][048]|[13579][26])|2000)"
_PLAIN = rf"^{{area}}(?:(?:18|19|20)[0-9][0-9]{_DAY}|{_LEAP_YEAR}0229)[0-9][0-9][0-9][0-9X]\z"
"""A number with an area, a day of birth that there is, a sequence and a check character."""
_RESIDENCE_PERMITS = ("810000", "820000", "830000")
"""Hong Kong, Macau and Taiwan residents' permits, issued since 2018-09-01."""


def parse(text: Column, given: Given) -> Parsing:
    """The number in 18 characters, where it can be a person's.

    A 15-digit number is upgraded: century 19, but 18 for sequences 996 to 999, which were set aside for centenarians;
    then the check character. The first six digits are those of first registration, so any county of any year will do.
    """
    (clean,) = yield (code_text(text),)
    (body,) = yield (_seventeen(clean),)
    area = F.substring(body, 1, 6)
    check, born, is_county = yield (
        check_character(body),
        _birth_date(body),
        area.rlike(pattern_of(_counties(given.known))),
    )
    is_right = (F.length(clean) == 15) | (F.substring(clean, 18, 1) == check)
    is_placeholder = area.rlike(pattern_of(given.known.placeholders))
    return Parsed(
        value=F.concat(body, check),
        breaches={
            "resident_id_excel_damage": _excel_damage(clean, body, is_right),
            "resident_id_shape": body.isNull(),
            "resident_id_birth_date": born.isNull() | (born > given.business_date),
            "resident_id_never_assigned": ~is_county & ~is_placeholder & ~_is_foreigner(area, given.known),
            "resident_id_checksum": ~is_right,
            "resident_id_not_county": ~is_county & is_placeholder,
        },
        notes={
            "resident_id_upgraded": F.length(clean) == 15,
            "resident_id_upper": text.endswith("x") | text.endswith("ｘ"),
            "resident_id_width": has_full_width(text),
            "resident_id_spaces": has_space(given.source),
        },
    )


def check_character(body: Column) -> Column:
    """Check character of 17 digits by ISO 7064 MOD 11-2.

    The weights are powers of 2 modulo 11, and 13 is 2 modulo 11: so the weighted sum is the 17 digits read in base 13,
    which just fits into 64 bits.
    """
    remainder = F.conv(body, 13, 10).try_cast("bigint") % 11
    return F.substring(F.lit("0123456789X"), F.pmod(F.lit(1) - remainder * 2, F.lit(11)).cast("int") + 1, F.lit(1))


def _seventeen(clean: Column) -> Column:
    is_centenarian = F.substring(clean, 13, 3) >= "996"
    century = F.when(is_centenarian, "18").otherwise("19")
    upgraded = F.concat(F.substring(clean, 1, 6), century, F.substring(clean, 7, 9))
    return F.when(clean.rlike(r"^[0-9]{17}[0-9X]\z"), F.substring(clean, 1, 17)).when(
        clean.rlike(r"^[0-9]{15}\z"), upgraded
    )


def _birth_date(body: Column) -> Column:
    year, month, day = F.substring(body, 7, 4), F.substring(body, 11, 2), F.substring(body, 13, 2)
    return F.concat(year, F.lit("-"), month, F.lit("-"), day).try_cast("date")


def _excel_damage(clean: Column, body: Column, is_right: Column) -> Column:
    # A spreadsheet keeps 15 significant digits, so the last three of 18 become 000.
    zeroed = body.isNotNull() & (F.length(clean) == 18) & F.endswith(clean, F.lit("000")) & ~is_right
    return clean.rlike(EXCEL_SCIENTIFIC) | zeroed


def _counties(known: KnownCodes) -> set[str]:
    """Codes of six digits that a citizen number or a residence permit may begin with, of any year."""
    assigned = {code for code in known.divisions if len(code) == 6}
    return assigned - known.placeholders | set(_RESIDENCE_PERMITS)


def _is_foreigner(area: Column, known: KnownCodes) -> Column:
    """The 2023 foreigner's permanent residence card begins with 9, province, country (ISO 3166-1 numeric)."""
    provinces = pattern_of(code[:2] for code in known.divisions)
    is_country = F.substring(area, 4, 3).rlike(pattern_of(known.countries))
    return (F.substring(area, 1, 1) == "9") & F.substring(area, 2, 2).rlike(provinces) & is_country


def plain(text: Column, given: Given) -> Plain:
    """A citizen's number of 18 characters."""
    holds = (
        text.rlike(_PLAIN.format(area=alternatives(_counties(given.known))))
        & (F.substring(text, 18, 1) == check_character(F.substring(text, 1, 17)))
        & (F.substring(text, 7, 8) <= F.date_format(given.business_date, "yyyyMMdd"))
    )
    return Plain(holds, text)
