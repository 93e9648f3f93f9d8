"""Contracts -> the timetable of their DAGs."""

from expectations.contract.feed import FeedContract
from expectations.render.markdown import table

_PULLED = {"rows": "库表抽取 pull", "files": "文件提取 pull"}
_UTC_OFFSET_HOURS = 8
"""Asia/Shanghai has been UTC+8 without summer time since 1991."""


def timetable_page(feeds: tuple[FeedContract, ...]) -> str:
    """When each feed's DAG runs, in Beijing time and in UTC, by the hour of its start."""
    rows = [
        [
            f"[{feed.id}]({feed.id}.md)",
            feed.title,
            f"`{feed.schedule}`",
            local_time(feed.schedule),
            utc_time(feed.schedule),
            _hours(feed),
            _PULLED[feed.arrival.yields] if feed.arrival.is_pulled else "报送 drop",
            feed.owner,
        ]
        for feed in sorted(feeds, key=lambda feed: (local_time(feed.schedule), feed.id))
    ]
    header = [
        "资源 Feed",
        "名称",
        "cron",
        "北京时间 Asia/Shanghai",
        "UTC",
        "迟报时限 Late after",
        "到达方式 Arrival",
        "负责人 Owner",
    ]
    return "\n".join(["# 运行时刻表 Timetable of DAGs", "", *table(header, rows), ""])


def local_time(schedule: str) -> str:
    """The time of day of a cron expression, in the city's time: `03:00`, or `每小时:05 hourly` and the like."""
    minute, hour = schedule.split()[:2]
    if hour == "*":
        return f"每小时 hourly :{minute.zfill(2)}"
    if not (minute.isdigit() and hour.isdigit()):
        return "见 cron"
    return f"{int(hour):02d}:{int(minute):02d}"


def utc_time(schedule: str) -> str:
    """The same time of day in UTC; says so where it falls on the day before."""
    local = local_time(schedule)
    if not local[0].isdigit():
        return local
    hour = int(local[:2]) - _UTC_OFFSET_HOURS
    return f"{hour % 24:02d}{local[2:]}{'（前一日 day before）' if hour < 0 else ''}"


def _hours(feed: FeedContract) -> str:
    return f"{feed.late_after.total_seconds() / 3600:g} h"
