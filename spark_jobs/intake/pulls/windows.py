"""Windows of update times: those of all pulls join without gap or overlap, whatever the channel."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from expectations.contract.channel_options import PullOptions
from expectations.contract.feed import FeedContract
from spark_jobs.base.settings import CITY_TIME
from spark_jobs.control import ledger
from spark_jobs.control.ledger import Interval
from spark_jobs.control.schema import Delivery
from spark_jobs.intake.channel import Arrival
from spark_jobs.intake.pulls.moments import comparable, stamp

_VERSION = "1"


@dataclass(frozen=True)
class Window:
    """Which update times are read."""

    start: datetime
    """Inclusive, the look-back among it."""
    end: datetime
    """Exclusive."""
    now: datetime
    """Rows from then on are read too: an update time that is still to come says nothing."""

    def takes(self, changed: str | None) -> bool:
        """Whether a row of that update time is read: it is in the window, or its time says nothing."""
        moment = comparable(changed)
        if moment is None:
            return True
        # A day alone is that of all its hours, each of which may have changed the row again.
        is_later = moment >= stamp(self.start)[: len(moment)]
        return is_later and moment < stamp(self.end) or moment >= stamp(self.now)


def pull_options(contract: FeedContract) -> PullOptions:
    """How the rows of a feed are pulled."""
    assert isinstance(contract.arrival, PullOptions)  # noqa: S101  (for the type checker: its channel asks)
    return contract.arrival


def windows(contract: FeedContract, interval: Interval | None, now: datetime) -> Iterator[Arrival]:
    """What is to be read until the interval's end or now, see `window_days`.

    First what earlier windows have left open that were rejected or recalled since; then from where the last one ended.
    A repeated interval finds nothing left to read.
    """
    options = pull_options(contract)
    wanted = interval.end if interval else now
    last = min(wanted, now).astimezone(CITY_TIME).replace(microsecond=0)
    for start, until in _unread(ledger.pulled_windows(contract.id), options.since, last):
        while start < until:
            end = until if options.window_days is None else min(until, start + timedelta(days=options.window_days))
            yield _arrival(contract, start, end, now)
            start = end


def compact(moment: datetime) -> str:
    """A moment as keys of pulls name it."""
    return moment.astimezone(CITY_TIME).strftime("%Y%m%dT%H%M%S")


def window_of(delivery: Delivery) -> tuple[datetime, datetime]:
    """The update times of a pull: start inclusive, end exclusive."""
    if delivery.window_from is None or delivery.window_to is None:
        raise ValueError(f"{delivery.delivery_id} is no pull: it has no window")
    return delivery.window_from, delivery.window_to


def read_window(contract: FeedContract, delivery: Delivery) -> Window:
    """What a pull reads of the source: its window and the look-back."""
    start, end = window_of(delivery)
    return Window(start - timedelta(minutes=pull_options(contract).overlap_minutes), end, datetime.now(UTC))


def _unread(
    pulled: list[tuple[datetime, datetime, bool]], since: datetime, last: datetime
) -> Iterator[tuple[datetime, datetime]]:
    """Times before `last` that no window holds which is accounted for or on its way, by start.

    Args:
        pulled: as `ledger.pulled_windows` gives them.
        since: where the first pull begins.
        last: until when anything is read.
    """
    taken = [(start, end) for start, end, is_taken in pulled if is_taken]
    at = pulled[0][0] if taken else since
    for start, end in taken:
        if at < min(start, last):
            yield at, min(start, last)
        at = max(at, end)
    if at < last:
        yield at, last


def _arrival(contract: FeedContract, start: datetime, end: datetime, now: datetime) -> Arrival:
    day = (end - timedelta(microseconds=1)).astimezone(CITY_TIME).date()
    key = f"{contract.id}/pull_{compact(start)}_{compact(end)}"
    # A window whose pull came to nothing is open again; should it be asked for anew, that is another delivery.
    sight = ledger.sights(contract.id, key, _VERSION) + 1
    return Arrival(key, _VERSION, now, sight=sight, business_date=day, window=(start, end))
