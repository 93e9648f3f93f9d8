"""What truths are counted with: texts of a delivery as values, rows of a key, figures by label."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from typing import Any

from tests.e2e.city.city_rows import Row

Labels = tuple[str, ...]
_BEFORE_1999 = {
    "422301": "421202", "422302": "421281", "422322": "421221", "422324": "421222", "422325": "421223",
    "422326": "421224",
}  # fmt: skip
"""Counties by the codes that they had."""
_EXCEL_BEGAN = date(1899, 12, 30)


def county(division: str) -> str:
    """The county of a division by its present code."""
    return _BEFORE_1999.get(division[:6], division[:6])


def when(text: str) -> datetime:
    """A moment or a day, written with hyphens or slashes."""
    return datetime(*(int(part) for part in re.findall(r"\d+", text)))  # type: ignore[arg-type]  # noqa: DTZ001


def day(text: str) -> date:
    """A day, which spreadsheets may hold as a number."""
    return _EXCEL_BEGAN + timedelta(int(text)) if re.fullmatch(r"\d{5}", text) else when(text).date()


def month(text: str) -> str:
    """First day of a moment's month."""
    return f"{when(text):%Y-%m}-01"


def number(text: str) -> float | None:
    """A number with or without thousands and unit; None where a dash or nothing says that there is none."""
    plain = text.replace(",", "").removesuffix("元").strip()
    return float(plain) if plain and plain not in {"—", "-", "免费"} else None


def latest(rows: Iterable[Row], key: Callable[[Row], Any], *order: str) -> list[Row]:
    """Of the rows of each key the latest by those moments, then as they arrived."""
    found: dict[Any, Row] = {}
    for row in sorted(
        rows, key=lambda row: (*(when(row.text[name]) for name in order), row.place.file, row.place.row_number)
    ):
        found[key(row)] = row
    return list(found.values())


def count(rows: Iterable[Row], *labels: Callable[[Row], str]) -> Counter[Labels]:
    """How many rows have each label."""
    return Counter(tuple(label(row) for label in labels) for row in rows)


def total(
    rows: Iterable[Row], label: Callable[[Row], str], figure: Callable[[Row], float | None]
) -> dict[Labels, float]:
    """Sum of a figure over the rows of each label."""
    found: dict[Labels, float] = defaultdict(float)
    for row in rows:
        found[(label(row),)] += figure(row) or 0
    return dict(found)


def mean(name: str, figures: Iterable[float | None]) -> dict[Labels, float]:
    """Mean of the figures that there are."""
    given = [figure for figure in figures if figure is not None]
    return {(name,): sum(given) / len(given)}


def seconds(row: Row, begin: str, end: str) -> float | None:
    """From one moment of a row to another; None where the second is not there."""
    return (when(row.text[end]) - when(row.text[begin])).total_seconds() if row.text[end] else None
