"""Numbers of things in words that a person reads: one finding, two findings."""


def counted(number: int, one: str, many: str | None = None) -> str:
    """`1 finding`, `2,000 findings`.

    Args:
        number: how many.
        one: the word for one of them.
        many: for more or none, where that is not `one` with an s.
    """
    return f"{number:,} {one if number == 1 else many or one + 's'}"
