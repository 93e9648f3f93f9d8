"""Scores of data quality as tables, in Chinese."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from expectations.dimensions import TITLES, Dimension

if TYPE_CHECKING:
    from spark_jobs.ask.scores.reckoning import Score

_GOOD, _FAIR = 95, 80
_MOST_REASONS = 30


def scores_table(scores: Sequence["Score"], on: date, days: int) -> Table:
    """A line a department or feed: its points in each dimension, and what cost it most."""
    table = Table(
        title=f"数据质量评分（GB/T 36344-2018），截至 {on.isoformat()} 的 {days} 天",
        caption="每批按行计分，取各批平均；— 表示没有可评的数据。某一资源的扣分明细：lake scores --feed 部门/资源",
    )
    table.add_column("名称")
    table.add_column("说明")
    _add_points(table)
    for score in scores:
        table.add_row(score.name, score.title, *_points(score))
    return table


def history_table(then: Sequence[tuple[date, "Score"]], name: str, days: int) -> Table:
    """A line a period: how the points of a feed or department went."""
    table = Table(title=f"{name} 数据质量评分，每期 {days} 天")
    table.add_column("截至")
    _add_points(table)
    for day, score in then:
        table.add_row(day.isoformat(), *_points(score))
    return table


def reasons_table(score: "Score") -> Table:
    """What cost a feed or a department its points, the dearest first."""
    losses = score.losses
    more = f"；另有 {len(losses) - _MOST_REASONS} 项，见 --json" if len(losses) > _MOST_REASONS else ""
    table = Table(title=f"{score.name} 扣分明细{more}")
    for heading, is_number in (("维度", False), ("扣分", True), ("行数", True), ("批次", True), ("资源", False)):
        table.add_column(heading, justify="right" if is_number else "left")
    table.add_column("代码")
    table.add_column("原因")
    for dimension, loss in losses[:_MOST_REASONS]:
        counts = (f"{loss.points:.2f}", f"{loss.rows:,}" if loss.rows else "整批", f"{loss.deliveries:,}")
        table.add_row(TITLES[dimension], *counts, loss.feed, loss.code, loss.message)
    return table


def _add_points(table: Table) -> None:
    for heading in ("批次", *(TITLES[each] for each in Dimension), "总分"):
        table.add_column(heading, justify="right")
    table.add_column("主要扣分原因")


def _points(score: "Score") -> list[str | Text]:
    points = [_shown(score.dimensions[each].points) for each in Dimension]
    worst = next((f"{loss.message}（−{loss.points:.1f}）" for _, loss in score.losses), "")
    return [f"{score.deliveries:,}", *points, _shown(score.total), worst]


def _shown(points: float | None) -> Text:
    if points is None:
        return Text("—")
    return Text(f"{points:.1f}", "green" if points >= _GOOD else "yellow" if points >= _FAIR else "red")
