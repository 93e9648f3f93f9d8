"""The views of a figure, from the answers of its queries: the whole, over time, by county, by group."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from math import isfinite
from typing import Any

import pyarrow as pa

from expectations.theme_pages import Figure, Group, Trend
from spark_jobs.ask.pages.models import Models
from spark_jobs.ask.pages.queries import NEWEST, definition_of, key_columns, named_in, query_of
from spark_jobs.ask.pages.small_cells import FEWEST, Cell, protected
from spark_jobs.ask.pages.words import TILES, counties, county_of, label_of, words_of

MOST_ROWS = 12
"""Of a group; the others are counted below its table."""
REACH = {"day": 92, "month": 1100, "year": 5500}
"""Days before its newest point that a trend goes back."""
Ask = Callable[[str], pa.Table]
_POINT = {"day": "%Y-%m-%d", "month": "%Y-%m", "year": "%Y"}
WITHOUT_ROWS = "没有记录的县（市、区）"
_GRAINS = {"day": "日", "month": "月", "year": "年"}


@dataclass(frozen=True)
class Row:
    """One figure as it is shown.

    Args:
        label: of what.
        text: the figure, or what stands in its place.
        number: for charts; None where it is hidden or not there.
        share: of the largest of its view, 0 to 1.
        code: of the county, where it is one.
    """

    label: str
    text: str
    number: float | None
    share: float = 0.0
    code: str | None = None


@dataclass(frozen=True)
class View:
    """A table of a figure.

    Args:
        title: its caption.
        heading: what its rows are.
        rows: in the order in which they are shown.
        sql: the query that gave it.
        notes: what must be said with it, in Chinese.
    """

    title: str
    heading: str
    rows: tuple[Row, ...]
    sql: str
    notes: tuple[str, ...] = ()


def total_of(figure: Figure, ask: Ask) -> View:
    """The figure of the whole city."""
    query = definition_of(figure).by()
    return _view(figure, "全市", "", _cells(figure, ask(query)), query, lambda _: "全市")


def trend_of(figure: Figure, trend: Trend, ask: Ask) -> View:
    """The figure over time, oldest first, of the newest days, months or years."""
    query = definition_of(figure).by(trend.by, NEWEST[trend.grain])
    found = [cell for cell in reversed(_cells(figure, ask(query))) if cell.key is not None]
    cells = [cell for cell in found if _is_near(cell.key, found[-1].key, trend)]
    grain = _GRAINS[trend.grain]
    is_cut = len(cells) < len(found) or len(found) == NEWEST[trend.grain]
    notes = (f"只列最近 {len(cells)} {grain}。",) if is_cut else ()
    return _view(figure, f"按{grain}", grain, cells, query, lambda key: _point(key, trend), notes)


def county_view_of(figure: Figure, ask: Ask) -> View:
    """The figure of each of the six counties, in the order of their codes, and of what else stands in the column."""
    query = definition_of(figure).by(figure.county)
    found = {cell.key: cell for cell in _cells(figure, ask(query))}
    others = sorted((cell for key, cell in found.items() if key not in TILES), key=lambda cell: str(cell.key))
    cells = [found.get(code, Cell(code, None)) for code in counties()] + others
    missing = [counties()[code] for code in counties() if code not in found]
    notes = (f"{WITHOUT_ROWS}：{'、'.join(missing)}。",) if missing else ()
    return _view(figure, "按县（市、区）", "县（市、区）", cells, query, county_of, notes)


def group_of(figure: Figure, group: Group, models: Models, ask: Ask) -> View:
    """The figure by a group, the largest first."""
    query = query_of(figure, group)
    tables = [table.partition(".")[2] for table in sorted(named_in(query).tables)]
    columns = sorted(key_columns(figure, group))
    by = [(model, column) for model in tables for column in columns if models.meaning(model, column)]
    words = words_of(group, by, models)
    cells = sorted(_cells(figure, ask(query)), key=lambda cell: str(cell.key))
    if group.sorted_by == "figure":
        # Of what there is; a key whose rows come to nothing is not asked for.
        cells = sorted((cell for cell in cells if cell.value != 0), key=lambda cell: -(cell.value or 0))
    notes = (f"只列前 {MOST_ROWS} 项，共 {len(cells)} 项。",) if len(cells) > MOST_ROWS else ()
    return _view(figure, group.title, "项目", cells, query, lambda key: label_of(key, words), notes, MOST_ROWS)


def _cells(figure: Figure, answer: pa.Table) -> list[Cell]:
    """What a query answered: keys, the figure, and of ratios how many they are of."""
    names = answer.column_names
    last = "figure" if "figure" in names else names[-1]
    keys = [name for name in names if name not in {last, "part", "whole"}]
    return [_cell(figure, row, keys, last) for row in answer.to_pylist()]


def _cell(figure: Figure, row: dict[str, Any], keys: list[str], last: str) -> Cell:
    key = row[keys[0]] if len(keys) == 1 else tuple(row[name] for name in keys) or None
    of = None
    if "whole" in row:
        part, whole = row["part"] or 0, row["whole"] or 0
        # Who knows a share and its denominator knows how many are left.
        of = (part, whole, whole - part) if figure.unit == "%" else (whole,)
    value = row[last]
    # Nought by nought is NaN to DuckDB: there was nothing to reckon with.
    return Cell(key, value * figure.times if value is not None and isfinite(value) else None, of)


def _view(
    figure: Figure,
    title: str,
    heading: str,
    cells: Iterable[Cell],
    query: str,
    label: Callable[[Any], str],
    notes: tuple[str, ...] = (),
    most: int | None = None,
) -> View:
    shown = protected(list(cells)) if figure.counts else list(cells)
    hidden = {cell.hidden for cell in shown if cell.hidden}
    notes += (f"不足 {FEWEST} 的人数、户数不显示。",) if "small" in hidden else ()
    notes += ("为防止由合计推算，另有一项不显示。",) if "other" in hidden else ()
    numbers = [_number(cell) for cell in shown]
    known = [number for number in numbers if number is not None]
    # A bar says nothing of what may be below nought.
    largest = max(known) if known and min(known) >= 0 else 0.0
    rows = [
        Row(
            label(cell.key),
            _text(cell, figure),
            number,
            number / largest if number is not None and largest else 0.0,
            cell.key if cell.key in TILES else None,
        )
        for cell, number in zip(shown, numbers, strict=True)
    ]
    return View(title, heading, tuple(rows[:most]), query, notes)


def _number(cell: Cell) -> float | None:
    return None if cell.hidden or cell.value is None else float(cell.value)


def _text(cell: Cell, figure: Figure) -> str:
    if cell.hidden == "other":
        return "不显示"
    if cell.hidden:
        return f"<{FEWEST}" if cell.of is None else f"{'户' if figure.counts == 'households' else '人'}数<{FEWEST}"
    return "—" if cell.value is None else f"{cell.value:,.{figure.decimals}f}"


def _is_near(key: object, newest: object, trend: Trend) -> bool:
    """Not so long before the newest that the time between would be all that a drawing shows."""
    return not (isinstance(key, date) and isinstance(newest, date)) or (newest - key).days <= REACH[trend.grain]


def _point(key: object, trend: Trend) -> str:
    return key.strftime(_POINT[trend.grain]) if isinstance(key, date) else str(key)
