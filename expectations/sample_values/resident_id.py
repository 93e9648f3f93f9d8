"""Citizen numbers."""

from expectations.sample_values.asked import COUNTIES, Asked, birth_date


def sample(asked: Asked) -> str:
    """The number of that row and column."""
    return resident_id(asked.number, asked.place)


def resident_id(number: int, place: int = 0) -> str:
    """A citizen number with a right checksum (GB 11643-1999, 4.2) of somebody born in 1890: no living person's."""
    body = f"{COUNTIES[number % 6]}{birth_date(number):%Y%m%d}{(number // 360 * 37 + place) % 1000:03d}"
    total = sum(int(digit) * (2 ** (17 - i) % 11) for i, digit in enumerate(body))
    return body + "10X98765432"[total % 11]
