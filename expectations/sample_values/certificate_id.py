"""Identifiers of electronic certificates."""

from expectations.sample_values.asked import Asked
from expectations.sample_values.uscc import uscc

_CHARACTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def sample(asked: Asked) -> str:
    """The first version of a business licence."""
    parts = f"{uscc(0)}001.{uscc(asked.number)}.{asked.number % 10**10:010d}.001"
    return f"1.2.156.3005.2.{parts}.{check_character(parts)}"


def check_character(parts: str) -> str:
    """Check by ISO 7064 MOD 37,36 over type, issuer, serial and version (GB/T 36904-2018); dots do not count."""
    product = 36
    for character in parts.replace(".", ""):
        product = ((product + _CHARACTERS.index(character)) % 36 or 36) * 2 % 37
    return _CHARACTERS[(37 - product) % 36]
