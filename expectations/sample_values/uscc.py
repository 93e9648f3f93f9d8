"""Social credit codes."""

from expectations.sample_values.asked import COUNTIES, Asked

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def sample(asked: Asked) -> str:
    """The code of that row."""
    return uscc(asked.number)


def uscc(number: int) -> str:
    """A social credit code with right checksums (GB 32100-2015, 5; GB 11714-1997, 4)."""
    organisation = f"{number % 100_000_000:08d}"
    weights = (3, 7, 9, 10, 5, 8, 4, 2)
    check = (11 - sum(int(digit) * weight for digit, weight in zip(organisation, weights, strict=True)) % 11) % 11
    body = f"91{COUNTIES[number % 6]}{organisation}{'X' if check == 10 else check}"
    return body + check_character(body)


def check_character(body: str) -> str:
    """The last character of a social credit code: weights of powers of 3, modulo 31 (GB 32100-2015, 5)."""
    total = sum(_ALPHABET.index(letter) * 3**place for place, letter in enumerate(body))
    return _ALPHABET[-total % 31]
