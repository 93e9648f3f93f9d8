"""What is due and has not come."""

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from expectations.contract.catalogue import load_feed, load_feeds
from spark_jobs.base.settings import CITY_TIME
from spark_jobs.commands.console import contract_of, out

if TYPE_CHECKING:
    from spark_jobs.control.overdue import Look


def add_to(app: typer.Typer) -> None:
    """Add absent."""
    app.command()(absent)


def absent(
    on: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d", "%Y%m%d"], help="as of a day of the past, by business dates")
    ] = None,
    feed: Annotated[str | None, typer.Option(metavar="AGENCY/FEED")] = None,
    answer: Annotated[bool, typer.Option("--answer", help="put receipts into the outboxes, once for each")] = False,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Show what is due by the contracts' cycles, on the calendar of working days, and has not come."""
    from spark_jobs.control.overdue import look
    from spark_jobs.jobs.absences import answer as tell

    contracts = [contract_of(feed)] if feed else load_feeds()
    day = on.date() if on else datetime.now(UTC).astimezone(CITY_TIME).date()
    found = (tell if answer else look)(day, contracts, is_replay=on is not None)
    if as_json:
        out.print_json(json.dumps(_document(found), ensure_ascii=False))
        return
    _show(found, f"截至 {day} 未按期报送")


def _document(found: "Look") -> dict[str, Any]:
    return {
        "absent": [
            {
                "feed": each.feed,
                "first": each.period.first.isoformat(),
                "last": each.period.last.isoformat(),
                "period": each.period.title,
                "due_on": each.due_on.isoformat(),
            }
            for each in found.absent
        ],
        "unjudged": {str(year): feeds for year, feeds in found.unjudged.items()},
    }


def _show(found: "Look", title: str) -> None:
    from rich.table import Table

    table = Table("资源", "名称", "周期", "最迟应到", title=f"{title}：{len(found.absent)} 项")
    for each in found.absent:
        table.add_row(each.feed, load_feed(each.feed).title, each.period.title, each.due_on.isoformat())
    out.print(table)
    for year, feeds in sorted(found.unjudged.items()):
        out.print(
            f"工作日历没有 {year} 年：{len(feeds)} 类数据自该年起未判断是否按期；"
            "国务院办公厅通知发布后请补入 dbt/seeds/calendar/working_day_exceptions.csv",
            highlight=False,
        )
