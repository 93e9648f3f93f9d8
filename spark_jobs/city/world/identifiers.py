"""Numbers of persons and companies with their check digits, whole columns at once."""

import numpy as np
from numpy.typing import NDArray

from spark_jobs.city.world.texts import Ints, Texts, fixed_width

_CITIZEN_WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2], np.int64)
_CITIZEN_CHECKS = np.frombuffer(b"10X98765432", np.uint8)
_CREDIT_SYMBOLS = np.frombuffer(b"0123456789ABCDEFGHJKLMNPQRTUWXY", np.uint8)
_CREDIT_WEIGHTS = np.array([pow(3, i, 31) for i in range(17)], np.int64)
_ORGANISATION_WEIGHTS = np.array([3, 7, 9, 10, 5, 8, 4, 2], np.int64)
_ORGANISATION_CHECKS = np.frombuffer(b"0X987654321", np.uint8)
_ZERO = ord("0")
_VEHICLE_WEIGHTS = np.array([8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2], np.int64)
_VEHICLE_LETTERS, _VEHICLE_VALUES = (
    b"ABCDEFGHJKLMNPRSTUVWXYZ",
    (1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 7, 9, *range(2, 10)),
)
_VEHICLE_CHECKS = np.frombuffer(b"0123456789X", np.uint8)
_MODEL_YEARS = np.frombuffer(b"ABCDEFGHJKLMNPRST", np.uint8)
"""Of 2010 and the years after it (GB 16735-2019, table 2)."""


def _digits(values: Ints, width: int) -> Ints:
    powers = 10 ** np.arange(width - 1, -1, -1, dtype=np.int64)
    return (values[:, None] // powers) % 10


def citizen_numbers(prefixes: Ints, birth_dates: Ints, sequences: Ints) -> Texts:
    """Eighteen-character citizen numbers (GB 11643-1999, check by ISO 7064 MOD 11-2).

    Args:
        prefixes: the first six digits.
        birth_dates: yyyymmdd.
        sequences: three digits, odd for men.
    """
    digits = _digits((prefixes * 10**8 + birth_dates) * 1000 + sequences, 17)
    checks = _CITIZEN_CHECKS[digits @ _CITIZEN_WEIGHTS % 11]
    return fixed_width(np.column_stack([(digits + _ZERO).astype(np.uint8), checks]))


def citizen_check(first_seventeen: str) -> str:
    """The check character of one citizen number."""
    total = int(np.array([int(c) for c in first_seventeen]) @ _CITIZEN_WEIGHTS)
    return chr(int(_CITIZEN_CHECKS[total % 11]))


def social_credit_codes(entity_types: Ints, division_codes: Ints, serials: Ints) -> Texts:
    """Codes of market entities (GB 32100-2015) whose organisation codes (GB 11714) differ for every serial.

    Args:
        entity_types: second digit: 1 enterprise, 2 individual business, 3 farmers' cooperative.
        division_codes: six digits.
        serials: below 31 to the power of 6.
    """
    head = (_digits((90 + entity_types) * 10**6 + division_codes, 8) + _ZERO).astype(np.uint8)
    return _credit_codes(head, serials)


def collective_credit_codes(levels: Ints, division_codes: Ints, serials: Ints) -> Texts:
    """Codes of rural collective economic organisations (GB 32100-2015): N, then 1 group, 2 village, 3 town.

    Args:
        levels: second digit.
        division_codes: six digits.
        serials: below 31 to the power of 6; none of a market entity.
    """
    head = (_digits(levels * 10**6 + division_codes, 8) + _ZERO).astype(np.uint8)
    head[:, 0] = ord("N")
    return _credit_codes(head, serials)


def _credit_codes(head: NDArray[np.uint8], serials: Ints) -> Texts:
    """Codes of eighteen characters that begin with those eight."""
    scattered = (serials * 3**18 + 20_261_102) % 31**6
    powers = 31 ** np.arange(5, -1, -1, dtype=np.int64)
    body = _CREDIT_SYMBOLS[(scattered[:, None] // powers) % 31]
    rows = len(serials)
    organisation = np.column_stack([np.tile(np.frombuffer(b"MA", np.uint8), (rows, 1)), body])
    values = np.where(organisation >= ord("A"), organisation.astype(np.int64) - ord("A") + 10, organisation - _ZERO)
    check = _ORGANISATION_CHECKS[values @ _ORGANISATION_WEIGHTS % 11]
    first = np.column_stack([head, organisation, check])
    total = _symbol_values()[first] @ _CREDIT_WEIGHTS
    return fixed_width(np.column_stack([first, _CREDIT_SYMBOLS[(31 - total % 31) % 31]]))


def registration_numbers(authorities: Ints, serials: Ints) -> Texts:
    """Old business registration numbers of fifteen digits (GS 15-2006, check by ISO 7064 MOD 11,10)."""
    digits = _digits(authorities * 10**8 + serials, 14)
    product = np.full(len(serials), 10, np.int64)
    for place in range(14):
        total = (product + digits[:, place]) % 10
        product = np.where(total == 0, 10, total) * 2 % 11
    checks = (11 - product) % 10
    return fixed_width((np.column_stack([digits, checks]) + _ZERO).astype(np.uint8))


def vehicle_numbers(maker: bytes, models: Ints, years: Ints, serials: Ints) -> Texts:
    """Vehicle identification numbers of seventeen characters (GB 16735-2019, check digit by 5.4).

    Args:
        maker: three characters.
        models: below 100,000.
        years: 2010 to 2026.
        serials: below 1,000,000.
    """
    rows = len(serials)
    codes = np.zeros((rows, 17), np.uint8)
    codes[:, :3] = np.frombuffer(maker, np.uint8)
    codes[:, 3:8] = _digits(models, 5) + _ZERO
    codes[:, 9] = _MODEL_YEARS[years - 2010]
    codes[:, 10] = _ZERO + 1
    codes[:, 11:] = _digits(serials, 6) + _ZERO
    values = np.zeros(128, np.int64)
    values[_ZERO : _ZERO + 10] = np.arange(10)
    values[np.frombuffer(_VEHICLE_LETTERS, np.uint8)] = _VEHICLE_VALUES
    codes[:, 8] = _VEHICLE_CHECKS[values[codes] @ _VEHICLE_WEIGHTS % 11]
    return fixed_width(codes)


def _symbol_values() -> NDArray[np.int64]:
    values = np.zeros(128, np.int64)
    values[_CREDIT_SYMBOLS] = np.arange(31)
    return values
