"""The systems of the city as a table, in Chinese."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from spark_jobs.base.settings import CITY_TIME

if TYPE_CHECKING:
    from spark_jobs.ask.systems import Standing

_CYCLES = {
    "real_time": "实时",
    "hour": "每小时",
    "day": "每日",
    "week": "每周",
    "month": "每月",
    "quarter": "每季",
    "term": "每学期",
    "year": "每年",
}
_HEADINGS = (
    "系统或项目",
    "通道",
    "周期",
    "批次",
    "行数",
    "接收",
    "隔离",
    "待改正",
    "拒收",
    "已撤换",
    "末次回执",
    "状态",
)
_NUMBERS = 3
"""The column of the first number."""
_TO_FIX = 4
"""Which number is that of the rows still to be fixed: it stands behind those quarantined."""


def systems_table(standings: Sequence["Standing"]) -> Table:
    """A line a system; the title says how many are where they should be."""
    from spark_jobs.ask.systems import COUNTS, WORDS

    green = sum(each.state == "green" for each in standings)
    title = f"咸宁市信息系统与重点项目：{len(standings)} 项，正常 {green} 项"
    # Which step failed and why stands in another table.
    table = Table(title=title, caption="出错的步骤及原因：lake steps --unfinished" if green < len(standings) else None)
    for place, heading in enumerate(_HEADINGS):
        is_number = _NUMBERS <= place < _NUMBERS + 2 + len(COUNTS)
        table.add_column(heading, justify="right" if is_number else "left")
    for each in standings:
        ways = "、".join(each.ways()) or each.shown_by
        cycles = "、".join(_CYCLES[cycle] for cycle in each.cycles())
        last = each.last_receipt.astimezone(CITY_TIME).strftime("%Y-%m-%d %H:%M") if each.last_receipt else ""
        numbers = [each.deliveries, *map(each.total, COUNTS)]
        numbers.insert(_TO_FIX, each.open_rows)
        counts = [f"{number:,}" if each.feeds else "" for number in numbers]
        style = "green" if each.state == "green" else "red"
        table.add_row(each.name, ways, cycles, *counts, last, Text(WORDS[each.state], style))
    return table
