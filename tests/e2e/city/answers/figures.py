"""Figures that truths of several themes are made of."""

from collections import Counter
from collections.abc import Callable, Iterable
from decimal import Decimal

from tests.e2e.city.city_rows import Row

Figures = dict[tuple[str, ...], float]
Label = Callable[[Row], str]


def counts(rows: Iterable[Row], label: Label) -> Counter[tuple[str, ...]]:
    """Rows by what each is."""
    return Counter((label(row),) for row in rows)


def percent(rows: Iterable[Row], label: Label, is_part: Callable[[Row], bool]) -> Figures:
    """Of every hundred rows of a label those that are a part."""
    every = list(rows)
    parts = counts((row for row in every if is_part(row)), label)
    return {of: 100 * parts[of] / number for of, number in counts(every, label).items()}


def sums(rows: Iterable[Row], label: Label, figure: Callable[[Row], Decimal]) -> dict[tuple[str, ...], Decimal]:
    """Sum of a figure by what each row is."""
    found: dict[tuple[str, ...], Decimal] = {}
    for row in rows:
        found[(label(row),)] = found.get((label(row),), Decimal(0)) + figure(row)
    return found


def means(rows: Iterable[Row], label: Label, figure: Callable[[Row], float]) -> Figures:
    """Mean of a figure by what each row is."""
    of: dict[tuple[str, ...], list[float]] = {}
    for row in rows:
        of.setdefault((label(row),), []).append(figure(row))
    return {key: sum(values) / len(values) for key, values in of.items()}


def column(name: str, length: int | None = None) -> Label:
    """A column of a row, or its first characters."""
    return lambda row: row.text[name][:length]
