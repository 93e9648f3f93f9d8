"""Vehicle identification numbers."""

from expectations.sample_values.asked import Asked

_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
_LETTERS = dict(zip("ABCDEFGHJKLMNPRSTUVWXYZ", map(int, "12345678123457923456789"), strict=True))


def sample(asked: Asked) -> str:
    """A number with a right check digit (GB 16735-2019, 5.4) of a maker that does not exist."""
    body = f"LZZXN1A00T0{asked.number % 1_000_000:06d}"
    total = sum((_LETTERS.get(c) or int(c)) * w for c, w in zip(body, _WEIGHTS, strict=True))
    return body[:8] + "0123456789X"[total % 11] + body[9:]
