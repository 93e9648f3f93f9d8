"""One synthetic value for each column type: valid by its standard, and plainly nobody's."""

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from expectations.code_tables import codes_of
from expectations.contract.feed import Column

_COUNTIES = ("421202", "421221", "421222", "421223", "421224", "421281")
"""The six counties of Xianning."""
_USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_PATTERN_LETTERS = {
    "yyyy": "{0:%Y}",
    "MM": "{0:%m}",
    "M": "{0.month}",
    "dd": "{0:%d}",
    "d": "{0.day}",
    "HH": "{0:%H}",
    "H": "{0.hour}",
    "mm": "{0:%M}",
    "ss": "{0:%S}",
}


def sample_value(column: Column, number: int, place: int, business_date: date) -> str:
    """The value of a column in the row of that number, as its source would write it.

    Args:
        column: the column.
        number: the row, from 0; keys differ from row to row.
        place: the column's place in the contract, so that two persons of one row differ.
        business_date: the day that the delivery speaks of; dates and times are of that day, birth dates are not.
    """
    if column.type in {"date", "timestamp"}:
        is_birth = "birth" in column.name
        day = _birth_date(number) if is_birth else business_date
        moment = datetime.combine(day, time(8)) + timedelta(seconds=0 if is_birth else number % 3600)
        return spark_datetime(moment, (column.format or "").split("|")[0])
    if column.type == "code":
        codes = tuple(column.values) if column.values else codes_of(column.code_table or "")
        return codes[number % len(codes)]
    return _OF_TYPE[column.type](column, number, place)


def spark_datetime(moment: datetime, pattern: str) -> str:
    """A moment written by a Spark datetime pattern of numeric letters and quoted text.

    Raises:
        ValueError: the pattern has other letters.
    """

    def written(found: re.Match[str]) -> str:
        text = found[0]
        if text.startswith("'"):
            return text[1:-1]
        if re.match("[A-Za-z]", text) and text not in _PATTERN_LETTERS:
            raise ValueError(f"no sample for the datetime pattern {pattern}: {text}")
        return _PATTERN_LETTERS.get(text, text).format(moment)

    return re.sub(r"'[^']*'|([A-Za-z])\1*|[^A-Za-z']", written, pattern)


def resident_id(number: int, place: int = 0) -> str:
    """A citizen number with a right checksum (GB 11643-1999, 4.2) of somebody born in 1890: no living person's."""
    body = f"{_COUNTIES[number % 6]}{_birth_date(number):%Y%m%d}{(number // 360 * 37 + place) % 1000:03d}"
    total = sum(int(digit) * (2 ** (17 - i) % 11) for i, digit in enumerate(body))
    return body + "10X98765432"[total % 11]


def uscc(number: int) -> str:
    """A social credit code with right checksums (GB 32100-2015, 5; GB 11714-1997, 4)."""
    organisation = f"{number % 100_000_000:08d}"
    weights = (3, 7, 9, 10, 5, 8, 4, 2)
    check = (11 - sum(int(digit) * weight for digit, weight in zip(organisation, weights, strict=True)) % 11) % 11
    body = f"91{_COUNTIES[number % 6]}{organisation}{'X' if check == 10 else check}"
    total = sum(_USCC_ALPHABET.index(letter) * 3**i for i, letter in enumerate(body))
    return body + _USCC_ALPHABET[-total % 31]


def registration_number(number: int) -> str:
    """A 15-digit registration number with a right check digit (GS 15-2006; ISO 7064 MOD 11,10)."""
    body = f"{_COUNTIES[number % 6]}{number % 100_000_000:08d}"
    product = 10
    for digit in body:
        product = ((product + int(digit)) % 10 or 10) * 2 % 11
    return body + str((11 - product) % 10)


def _birth_date(number: int) -> date:
    return date(1890, 1, 1) + timedelta(days=number % 360)


def _text(column: Column, number: int) -> str:
    """Text; what is called a number or code gets one."""
    if column.name.endswith(("_number", "_code", "_id")):
        return f"H{number:011d}"
    return f"样例{number}"


_OF_TYPE: dict[str, Callable[[Column, int, int], str]] = {
    "string": lambda column, number, _: _text(column, number),
    "resident_id": lambda _, number, place: resident_id(number, place),
    "uscc": lambda _, number, __: uscc(number),
    "registration_number": lambda _, number, __: registration_number(number),
    "division_code": lambda _, number, __: _COUNTIES[number % 6],
    "mobile": lambda _, number, __: f"154{number % 100_000_000:08d}",  # 154 is no operator's
    "person_name": lambda _, number, place: f"样例{_STEMS[number % 10]}{_STEMS[place % 10]}",
    "company_name": lambda _, number, __: f"咸宁样例{number}号有限公司",
    "integer": lambda _, number, __: str(number % 9 + 1),
    "amount": lambda _, __, ___: "0.00",  # rules that add amounts up hold for any contract
    "decimal": lambda _, number, __: f"{number % 100}.5",
    "boolean": lambda _, __, ___: "0",
}
