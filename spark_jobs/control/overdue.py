"""What is due by the contracts' cycles, on the calendar of working days, and has not come by what the ledger has."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from expectations.contract.catalogue import load_feeds
from expectations.contract.feed import FeedContract
from expectations.contract.periods import Period, due_on, is_expected, period_of, periods
from expectations.working_days import YearUnknown
from spark_jobs.control import absences


@dataclass(frozen=True)
class Absent:
    """A period of a feed of which nothing has come in time."""

    feed: str
    period: Period
    due_on: date


@dataclass
class Look:
    """What is absent on a day.

    Args:
        absent: by feed and period.
        unjudged: years that the working-day calendar does not have, and the feeds that could not be judged for that.
    """

    absent: list[Absent] = field(default_factory=list)
    unjudged: dict[int, list[str]] = field(default_factory=dict)


def look(on: date, feeds: Iterable[FeedContract] | None = None, is_replay: bool = False) -> Look:
    """What was due before a day and has not come by what the ledger has now.

    Args:
        on: the day; what is due on it still has until its end.
        feeds: all by default.
        is_replay: the day is one of the past, played again: all is expected that came due since the feed's first
            business date. Otherwise only what came due since the lake first saw the feed: history that is loaded was
            not late.
    """
    found = Look()
    contracts = list(feeds) if feeds is not None else load_feeds()
    asked = None if feeds is None else [each.id for each in contracts]
    of, since = absences.came_by_feed(asked), absences.watched_by_feed(asked)
    for contract in contracts:
        came = [each.business_date for each in of.get(contract.id, [])]
        start = contract.due.since or min(came, default=None)
        if start is None:
            continue
        covered = {period_of(contract, day) for day in came}
        for period, due in _due_before(contract, start, on, found):
            is_late = is_replay or absences.is_watched(contract, since.get(contract.id), due)
            if is_late and period not in covered:
                found.absent.append(Absent(contract.id, period, due))
    return found


def _due_before(contract: FeedContract, start: date, on: date, found: Look) -> Iterator[tuple[Period, date]]:
    """Expected periods whose due day is over, oldest first; stops at the first that cannot be judged."""
    for period in periods(contract, start):
        if period.first >= on:
            return
        try:
            due = due_on(contract, period)
            is_due = due < on and is_expected(contract, period)
        except YearUnknown as unknown:
            found.unjudged.setdefault(unknown.year, []).append(contract.id)
            return
        if is_due:
            yield period, due
