"""Old business registration numbers."""

from expectations.sample_values.asked import COUNTIES, Asked


def sample(asked: Asked) -> str:
    """The number of that row."""
    return registration_number(asked.number)


def registration_number(number: int) -> str:
    """A 15-digit registration number with a right check digit (GS 15-2006; ISO 7064 MOD 11,10)."""
    body = f"{COUNTIES[number % 6]}{number % 100_000_000:08d}"
    product = 10
    for digit in body:
        product = ((product + int(digit)) % 10 or 10) * 2 % 11
    return body + str((11 - product) % 10)
