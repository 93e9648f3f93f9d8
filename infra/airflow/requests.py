"""What can be asked of the scheduler: a backfill over business dates, or one run."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from expectations.contract.feed import FeedContract
from expectations.contract.stagger import staggered
from infra.airflow import intervals


@dataclass(frozen=True)
class Backfill:
    """Runs of a feed's DAG for every data interval that covers these business dates.

    Args:
        feed: the feed.
        first: first business date, in Asia/Shanghai.
        last: last business date.
        reprocess: run again what has succeeded already.
        max_active_runs: intervals at once; 1 keeps them in the order of their dates.
    """

    feed: FeedContract
    first: date
    last: date
    reprocess: bool = False
    max_active_runs: int = 1

    @property
    def dag_id(self) -> str:
        """The DAG that runs."""
        return self.feed.table

    @property
    def bounds(self) -> tuple[datetime, datetime]:
        """Earliest and latest logical date."""
        return intervals.logical_dates(staggered(self.feed), self.first, self.last)


@dataclass(frozen=True)
class Trigger:
    """One run of a DAG.

    Args:
        dag_id: the DAG.
        logical_date: the date it stands for, or None.
        conf: parameters; a feed's DAG takes `from` and `to`, and without them does all that is pending.
    """

    dag_id: str
    logical_date: datetime | None = None
    conf: dict[str, str] = field(default_factory=dict)


Request = Backfill | Trigger


def covering(feed: FeedContract, first: date, last: date, reprocess: bool = False) -> Request:
    """The least work that covers these business dates of a feed.

    A backfill where the feed's intervals are a day or longer and have all ended; else one run over the dates:
    120 hourly runs would each cost more than what they move, and an interval that is still open has no run yet.
    """
    has_ended = intervals.have_all_ended(staggered(feed), last, datetime.now(UTC))
    if has_ended and not intervals.is_finer_than_a_day(feed):
        return Backfill(feed, first, last, reprocess)
    bounds = (intervals.midnight(first), intervals.midnight(last + intervals.DAY))
    return Trigger(feed.table, conf=dict(zip(("from", "to"), (bound.isoformat() for bound in bounds), strict=True)))
