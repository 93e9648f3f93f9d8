"""A trend as a drawing that needs no script: Vega-Lite's, made SVG here and now."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from math import ceil
from typing import Any

from markupsafe import Markup, escape

from expectations.theme_pages import Figure, Trend
from spark_jobs.ask.pages.views import Row

_INK, _LINE, _GRID = "#45505c", "#1b5e7b", "#dfe4e8"
_FONT = "Noto Sans CJK SC, Source Han Sans SC, Microsoft YaHei, PingFang SC, sans-serif"
_WIDTH, _HEIGHT = 330, 150
"""Labels of 12 px stay legible where the drawing is as wide as a phone."""
_MOST_TICKS = 5
_AXIS = {"day": "%m-%d", "month": "%Y-%m", "year": "%Y"}
_CONFIG = {
    "background": "transparent",
    "font": _FONT,
    "aria": False,
    "view": {"stroke": None},
    "axis": {
        "labelFontSize": 12,
        "labelColor": _INK,
        "labelPadding": 5,
        **{f"{part}Color": _GRID for part in ("grid", "domain", "tick")},
    },
}
_INNER_ROLES = re.compile(r' (?:role|aria-[a-z]+)="[^"]*"')
_OPENING = re.compile(r"^<svg [^>]*?viewBox=\"([^\"]*)\"[^>]*>")


def drawn(rows: Sequence[Row], figure: Figure, trend: Trend) -> Markup | None:
    """The line of a trend, described for those who do not see it; None of fewer than two points.

    Args:
        rows: oldest first; what is hidden is a gap.
        figure: whose trend it is.
        trend: says of what the points are.
    """
    points = [row for row in rows if row.number is not None]
    if len(points) < 2:
        return None
    import vl_convert

    svg = _INNER_ROLES.sub("", vl_convert.vegalite_to_svg(_chart(points, trend, figure.decimals)))
    text = escape(described(points, figure.title, figure.unit))
    # The drawing takes the width that it is given, and is one picture with one text.
    return Markup(  # noqa: S704
        _OPENING.sub(lambda found: f'<svg viewBox="{found[1]}" role="img" aria-label="{text}">', svg, count=1)
    )


def described(points: Sequence[Row], title: str, unit: str) -> str:
    """What the line shows, in a sentence: its first and last, highest and lowest points."""
    first, last = points[0], points[-1]
    high, low = max(points, key=lambda row: row.number or 0), min(points, key=lambda row: row.number or 0)
    return (
        f"{title}走势图，{first.label} 至 {last.label}：起点 {first.text}{unit}，终点 {last.text}{unit}，"
        f"最高 {high.text}{unit}（{high.label}），最低 {low.text}{unit}（{low.label}）。"
    )


def _chart(points: Sequence[Row], trend: Trend, decimals: int) -> dict[str, Any]:
    """As Vega-Lite has it; Altair's objects of it would take three times as long as the drawing."""
    numbers = [row.number or 0.0 for row in points]
    at = [_milliseconds(row.label) for row in points]
    low, high = min(numbers), max(numbers)
    x = {
        "field": "at",
        "type": "temporal",
        "title": None,
        "scale": {"type": "utc"},
        "axis": {"format": _AXIS[trend.grain], "values": _ticks(at), "labelOverlap": True, "grid": False},
    }
    y = {
        "field": "figure",
        "type": "quantitative",
        "title": None,
        # A line may begin where its figures do; one that comes near nought shows nought.
        "scale": {"zero": low < high / 2, "nice": True, **({"domain": [0, 1]} if low == high == 0 else {})},
        "axis": {"tickCount": 4, "tickMinStep": 10**-decimals},
    }
    return {
        "data": {"values": [{"at": when, "figure": number} for when, number in zip(at, numbers, strict=True)]},
        "encoding": {"x": x, "y": y},
        "layer": [
            {"mark": {"type": "line", "color": _LINE, "strokeWidth": 2.2}},
            {"mark": {"type": "circle", "color": _LINE, "size": 26, "opacity": 1}},
        ],
        "width": _WIDTH,
        "height": _HEIGHT,
        "padding": {"left": 4, "right": 16, "top": 8, "bottom": 4},
        "config": _CONFIG,
    }


def _ticks(at: Sequence[int]) -> list[int]:
    """The newest point and, counted from it, every so many before it, so that five are named at most."""
    return sorted(at[:: -ceil(len(at) / _MOST_TICKS)])


def _milliseconds(label: str) -> int:
    """Since 1970, of the day, or of the first day of the month or year."""
    day = datetime.fromisoformat((label + "-01-01")[: len("2026-11-28")]).replace(tzinfo=UTC)
    return int(day.timestamp() * 1000)
