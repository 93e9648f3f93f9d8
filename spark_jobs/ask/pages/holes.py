"""What a page lacks: feeds of which nothing came, or came late, by the ledger, and counties without a row."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime

import pyarrow as pa

from expectations.contract.catalogue import load_feed
from spark_jobs.base.settings import CITY_TIME
from spark_jobs.control.overdue import look

LEDGER = "reference.ledger_delivery"
OF_LEDGER = f"""select
  feed,
  count(*) filter (where state = 'committed') as committed,
  count(*) filter (where is_late) as late,
  coalesce(sum(quarantined), 0) as quarantined,
  max(business_date) filter (where state = 'committed') as newest
from {LEDGER}
group by 1"""
"""The ledger as it was when the warehouse was built."""


@dataclass(frozen=True)
class FeedState:
    """How a feed stands.

    Args:
        feed: `agency/feed`.
        title: of its contract.
        provider: which department sends it.
        newest: newest business date that is in the tables; None where nothing is.
        holes: what is to be said of it, in Chinese.
    """

    feed: str
    title: str
    provider: str
    newest: date | None
    holes: tuple[str, ...]


def states_of(feeds: Iterable[str], ask: Callable[[str], pa.Table]) -> dict[str, FeedState]:
    """How each of these feeds stands, by the ledger of the last build and by what is due today."""
    wanted = sorted(feeds)
    known = {row["feed"]: row for row in ask(OF_LEDGER).to_pylist()}
    absent: dict[str, list[str]] = {}
    for each in look(datetime.now(CITY_TIME).date(), [load_feed(feed) for feed in wanted]).absent:
        absent.setdefault(each.feed, []).append(each.period.title)
    return {feed: _state(feed, known.get(feed), absent.get(feed, [])) for feed in wanted}


def _state(feed: str, row: dict[str, object] | None, absent: list[str]) -> FeedState:
    contract = load_feed(feed)
    holes = []
    newest = row["newest"] if row else None
    if row is None:
        holes.append("没有收到任何报送")
    elif not row["committed"]:
        holes.append("有报送，但没有一份入库")
    elif row["late"]:
        holes.append(f"迟到 {row['late']} 次")
    if absent:
        more = f"等 {len(absent)} 期" if len(absent) > 1 else ""
        holes.append(f"{absent[-1]}{more}应到未到")
    provider = contract.catalogue.provider
    return FeedState(feed, contract.title, provider, newest if isinstance(newest, date) else None, tuple(holes))
