"""How single values go wrong: each function turns a right text into the damaged one."""

from collections.abc import Callable
from datetime import datetime, timedelta

import numpy as np

from spark_jobs.city.world.identifiers import citizen_check

Damage = Callable[[str, str, np.random.Generator], str]
"""Takes the value and another value of the same row, which few need."""

_FULL_WIDTH = {ord(c): ord(c) - 0x20 + 0xFF00 for c in "0123456789X"}


def unchanged(value: str, other: str, rng: np.random.Generator) -> str:
    """The value is right; what holds it is not."""
    return value


def right_by_chance(value: str) -> bool:
    """The check digit would still be right after a spreadsheet has zeroed the last three digits."""
    return citizen_check(value[:15] + "00") == "0"


def income_in_words(value: str) -> str:
    """A whole amount as a clerk writes it."""
    return f"{int(value):,}.5元"


def constant(text: str) -> Damage:
    """Writes that text instead."""
    return lambda value, other, rng: text


def chosen(*texts: str) -> Damage:
    """Writes one of those texts instead."""
    return lambda value, other, rng: texts[int(rng.integers(0, len(texts)))]


def rewritten(change: Callable[[str], str]) -> Damage:
    """Applies a change that needs the value only."""
    return lambda value, other, rng: change(value)


def as_beside(value: str, other: str, rng: np.random.Generator) -> str:
    """Writes the other column's value instead."""
    return other


def wrong_last_digit(value: str, other: str, rng: np.random.Generator) -> str:
    """The check digit is another one."""
    digits = "0123456789".replace(value[-1], "")
    return value[:-1] + digits[int(rng.integers(1, len(digits)))]


def transposed_digits(value: str, other: str, rng: np.random.Generator) -> str:
    """Two unlike neighbours of the sequence number changed places."""
    at = next((i for i in (15, 14, 16) if value[i] != value[i + 1] and value[i + 1] != "X"), 15)
    if value[at] == value[at + 1]:
        return wrong_last_digit(value, other, rng)
    return value[:at] + value[at + 1] + value[at] + value[at + 2 :]


def with_prefix(prefix: str) -> Damage:
    """A citizen number of another county code, its check digit right."""

    def damage(value: str, other: str, rng: np.random.Generator) -> str:
        first = prefix + value[6:17]
        return first + citizen_check(first)

    return damage


def with_birth_digits(digits: str) -> Damage:
    """A citizen number with an impossible month and day (or a whole date), its check digit right."""

    def damage(value: str, other: str, rng: np.random.Generator) -> str:
        first = value[: 14 - len(digits)] + digits + value[14:17]
        return first + citizen_check(first)

    return damage


def lower_case(value: str) -> str:
    """Letters in lower case."""
    return value.lower()


def full_width(value: str) -> str:
    """Digits as wide as Chinese characters."""
    return value.translate(_FULL_WIDTH)


def spaced(value: str) -> str:
    """Blanks after the sixth and the fourteenth character, as on the card."""
    return f"{value[:6]} {value[6:14]} {value[14:]}"


def zeroed_tail(value: str) -> str:
    """What a spreadsheet keeps: fifteen significant digits."""
    return value[:15] + "000"


def scientific(value: str) -> str:
    """What a spreadsheet shows of eighteen digits."""
    return f"{value[0]}.{value[1:6]}E+17"


def fifteen_digits(value: str) -> str:
    """The number as before 1999: no century, no check digit."""
    return value[:6] + value[8:17]


def first_zero_as_letter(value: str) -> str:
    """O for the last zero, as OCR reads it."""
    at = value.rindex("0")
    return f"{value[:at]}O{value[at + 1 :]}"


def first_one_as_letter(value: str) -> str:
    """I for the last one, as OCR reads it."""
    at = value.rindex("1")
    return f"{value[:at]}I{value[at + 1 :]}"


def later_year(value: str) -> str:
    """The same day ten years on."""
    return f"{int(value[:4]) + 10}{value[4:]}".replace("-02-29", "-02-28").replace("0229", "0228")


def earlier_year(value: str) -> str:
    """The same day ten years before."""
    return f"{int(value[:4]) - 10}{value[4:]}".replace("-02-29", "-02-28")


def ten_days_later(value: str) -> str:
    """The same time of another day."""
    return (datetime.fromisoformat(value) + timedelta(days=10)).isoformat(" ")


def one_more(value: str) -> str:
    """An amount that is a hundred greater: it no longer adds up."""
    return f"{float(value) + 100:.2f}"


def hyphened(value: str) -> str:
    """A date with hyphens where none are agreed."""
    return f"{value[:4]}-{value[4:6]}-{value[6:]}"


def level_nine(value: str) -> str:
    """An implementation list of a level that does not exist."""
    return f"{value[:18]}9{value[19:]}"


def without_brackets(value: str) -> str:
    """A JSON array as a plain list."""
    return value.strip("[]").replace('"', "")


def first_of_array(value: str) -> str:
    """A JSON array of the first element alone."""
    return value.split(",")[0] + "]"


def in_chinese_date(value: str) -> str:
    """A date as documents write it."""
    year, month, day = value.split("-")
    return f"{year}年{month}月{day}日"


def slashed(value: str) -> str:
    """A date as spreadsheets show it."""
    year, month, day = value.split("-")
    return f"{year}/{int(month)}/{int(day)}"


def in_feet(value: str) -> str:
    """An area in square feet where square metres are meant."""
    return f"{float(value) * 10.764:.3f}"


def with_thousands(value: str) -> str:
    """The same amount as a clerk writes it."""
    return f"{float(value):,.2f}元"


def country_code(value: str) -> str:
    """A mobile number as an address book writes it."""
    return f"+86 {value[:3]}-{value[3:7]}-{value[7:]}"


def last_unreadable(value: str) -> str:
    """The last character became a question mark on its way through GBK."""
    return value[:-1] + "?"


def with_blank(value: str) -> str:
    """A blank after the surname, as in tables that are set flush."""
    return f"{value[0]} {value[1:]}"


def in_quotes(value: str) -> str:
    """The value with a line break in it, quoted as RFC 4180 says."""
    return f'"{value[:9]}\n{value[9:]}"'


def doubled_quotes(value: str) -> str:
    """The value with quoted words in it."""
    return f'"{value}""阳光家园""小区"'


def text_after_quote(value: str) -> str:
    """Text after the closing quote."""
    return f'"{value}"旁'


def with_control_character(value: str) -> str:
    """An invisible character within."""
    return value[:2] + "\x01" + value[2:]


def hyperlink(quoted: bool) -> Damage:
    """A formula where a text should be."""
    formula = '=HYPERLINK("http://example.invalid/","{}")'

    def damage(value: str, other: str, rng: np.random.Generator) -> str:
        text = formula.format(value)
        return '"' + text.replace('"', '""') + '"' if quoted else text

    return damage


def mixed_brackets(value: str) -> str:
    """A bracket of full width closed by one of half width."""
    return f"{value[:2]}（咸宁)　{value[2:]}"
