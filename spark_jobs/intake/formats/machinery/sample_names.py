"""Names of columns in a sample."""

from collections.abc import Sequence


def without_empty(names: Sequence[str], rows: Sequence[Sequence[str | None]]) -> list[str]:
    """The names, trimmed, without columns that have neither a name nor a value, such as one behind a last delimiter."""
    used = {place for row in rows for place, value in enumerate(row) if value and value.strip()}
    return [name.strip() for place, name in enumerate(names) if name.strip() or place in used]
