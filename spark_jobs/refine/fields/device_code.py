"""Code of a video device (GB/T 28181): 20 digits."""

from pyspark.sql import Column
from pyspark.sql import functions as F

from spark_jobs.refine.fields.characters import code_text, has_full_width, has_space
from spark_jobs.refine.fields.code_pattern import pattern_of
from spark_jobs.refine.fields.known_codes import KnownCodes
from spark_jobs.refine.fields.parsed import Given, Parsed, Parsing, Plain
from spark_jobs.refine.fields.resident_id import EXCEL_SCIENTIFIC

_SHAPE = r"^[0-9]{20}\z"
_ZEROED = r"^[0-9]{15}00000\z"
"""What is left of 20 digits by a spreadsheet, which keeps 15. There is no check digit to tell such a code from the one
in a hundred thousand that ends so by right."""
_TYPES = r"^[0-9]{10}(?:1[1-9]|[2-4][0-9])[0-9]"
"""Types 111 to 499: devices, peripherals, servers, users of a centre and of an end."""


def parse(text: Column, given: Given) -> Parsing:
    """The code: centre 8, industry 2, type 3, network 1, serial 6."""
    (clean,) = yield (code_text(text),)
    return Parsed(
        value=clean,
        breaches={
            "device_code_excel_damage": clean.rlike(EXCEL_SCIENTIFIC) | clean.rlike(_ZEROED),
            "device_code_shape": ~clean.rlike(_SHAPE),
            "device_code_division": ~_division(clean).rlike(_divisions(given.known)),
            "device_code_type": ~clean.rlike(_TYPES),
        },
        notes={"device_code_width": has_full_width(text), "device_code_spaces": has_space(given.source)},
    )


def plain(text: Column, given: Given) -> Plain:
    """Twenty digits of a known division and type."""
    is_right = text.rlike(_SHAPE) & text.rlike(_TYPES) & _division(text).rlike(_divisions(given.known))
    return Plain(is_right & ~text.rlike(_ZEROED), text)


def _division(code: Column) -> Column:
    return F.substring(code, 1, 6)


def _divisions(known: KnownCodes) -> str:
    """Codes of six digits, of a city too: a centre may be the city's."""
    return pattern_of(code for code in known.divisions if len(code) == 6)
