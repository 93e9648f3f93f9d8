"""What a view leaves out, and what its bars and drawing say."""

from datetime import date, timedelta
from typing import Any

import pyarrow as pa
import pytest

from expectations.theme_pages import Figure, Group, Trend
from spark_jobs.ask.pages import trend_chart, views
from spark_jobs.ask.pages.models import Models
from spark_jobs.ask.pages.views import Ask, View
from tests.theme_pages import node

DAY = Trend(by="day", grain="day")
KIND = Group(title="按类别", by="kind")
FIGURE = Figure.model_validate(
    {"name": "a", "title": "件数", "unit": "件", "measure": {"model": "mart_x", "value": "sum(n)"}}
)
MODELS = Models({"model.xianning_warehouse.mart_x": node({"description": "发明。", "columns": []})})


def answering(*rows: tuple[Any, Any]) -> Ask:
    """Whatever is asked, the newest first."""
    return lambda _: pa.table({"key": [key for key, _ in rows], "figure": [figure for _, figure in rows]})


def grouped(*rows: tuple[Any, Any], group: Group = KIND) -> View:
    return views.group_of(FIGURE, group, MODELS, answering(*rows))


def labels(view: View) -> list[str]:
    return [row.label for row in view.rows]


def test_a_trend_goes_from_the_oldest_to_the_newest() -> None:
    view = views.trend_of(FIGURE, DAY, answering((date(2026, 11, 4), 3), (date(2026, 11, 2), 5)))
    assert labels(view) == ["2026-11-02", "2026-11-04"]
    assert view.notes == ()


def test_what_is_long_past_is_left_out_of_a_trend_and_it_says_so() -> None:
    newest = date(2026, 11, 4)
    reach = timedelta(days=views.REACH["day"])
    view = views.trend_of(FIGURE, DAY, answering((newest, 1), (newest - reach, 1), (newest - reach - timedelta(1), 1)))
    assert labels(view) == ["2026-08-04", "2026-11-04"]
    assert view.notes == ("只列最近 2 日。",)


def test_the_largest_comes_first_and_what_comes_to_nothing_not_at_all() -> None:
    assert labels(grouped(("a", 1), ("b", 0), ("c", 3))) == ["c", "a"]


def test_what_has_an_order_of_its_own_keeps_it() -> None:
    in_order = KIND.model_copy(update={"sorted_by": "key"})
    assert labels(grouped(("20-29", 1), ("10-19", 0), ("30-39", 3), group=in_order)) == ["10-19", "20-29", "30-39"]


def test_a_long_group_is_cut_and_says_of_how_many() -> None:
    view = grouped(*((f"k{number:02}", 100 - number) for number in range(views.MOST_ROWS + 3)))
    assert len(view.rows) == views.MOST_ROWS
    assert view.notes == (f"只列前 {views.MOST_ROWS} 项，共 {views.MOST_ROWS + 3} 项。",)


def test_bars_are_of_the_largest_and_there_are_none_where_figures_go_below_nought() -> None:
    assert [row.share for row in grouped(("a", 4), ("b", 1)).rows] == [1.0, 0.25]
    assert [row.share for row in grouped(("a", 4), ("b", -1)).rows] == [0.0, 0.0]


@pytest.mark.parametrize("points", [0, 1])
def test_of_fewer_than_two_points_nothing_is_drawn(points: int) -> None:
    view = views.trend_of(FIGURE, DAY, answering(*((date(2026, 11, 4), 3),) * points))
    assert trend_chart.drawn(view.rows, FIGURE, DAY) is None


def test_a_drawing_names_days_that_are_there_each_once() -> None:
    days = [(date(2026, 11, 20) - timedelta(days=number), number) for number in range(12)]
    drawing = trend_chart.drawn(views.trend_of(FIGURE, DAY, answering(*days)).rows, FIGURE, DAY)
    assert drawing is not None
    shown = [day for day, _ in days if f">{day:%m-%d}<" in drawing]
    assert shown == [day for day, _ in days][::3]
    assert all(drawing.count(f">{day:%m-%d}<") == 1 for day in shown)
