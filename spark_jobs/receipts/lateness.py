"""How late a delivery is for the period that it is of, by the working-day calendar."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from expectations.contract.feed import FeedContract
from expectations.contract.periods import Period, due_on, is_expected, period_of
from expectations.working_days import YearUnknown, working_days_after
from spark_jobs.base.settings import CITY_TIME
from spark_jobs.control import absences
from spark_jobs.control.schema import Delivery


@dataclass(frozen=True)
class Late:
    """The first delivery of a period came after its due day.

    Args:
        period: that it is of.
        due_on: the last day on which it was in time.
        received_on: the day on which the lake first saw it.
        working_days: by how many it is late; None where the calendar does not have a year between.
        unknown_year: that year.
    """

    period: Period
    due_on: date
    received_on: date
    working_days: int | None
    unknown_year: int | None = None

    @property
    def text(self) -> str:
        """In Chinese."""
        days = (self.received_on - self.due_on).days
        if self.working_days is None:
            return f"迟 {days} 天（工作日历没有 {self.unknown_year} 年，未折算工作日）"
        return f"迟 {self.working_days} 个工作日"

    def document(self) -> dict[str, Any]:
        """As the receipt has it."""
        return {
            "period": {"first": self.period.first.isoformat(), "last": self.period.last.isoformat()},
            "title": self.period.title,
            "due_on": self.due_on.isoformat(),
            "received_on": self.received_on.isoformat(),
            "working_days": self.working_days,
            "unknown_year": self.unknown_year,
            "text": self.text,
        }


def lateness(delivery: Delivery, contract: FeedContract) -> Late | None:
    """How late a delivery is; None where it is not, or where it is not the first of its period.

    What was due before the lake first saw the feed is late only where its absence was answered: history that is loaded
    later is not late. Where the calendar cannot say what was due, nothing is late.
    """
    if delivery.business_date is None or (delivery.accounting or {}).get("is_correction"):
        return None
    period = period_of(contract, delivery.business_date)
    received = delivery.first_seen_at.astimezone(CITY_TIME).date()
    try:
        due = due_on(contract, period)
        if received <= due or not (is_expected(contract, period) or period.first in absences.answered(contract.id)):
            return None
    except YearUnknown:
        return None
    if not _is_watched(contract, period, due) or not _is_first(delivery, contract, period):
        return None
    try:
        return Late(period, due, received, working_days_after(due, received))
    except YearUnknown as unknown:
        return Late(period, due, received, None, unknown.year)


def _is_watched(contract: FeedContract, period: Period, due: date) -> bool:
    return period.first in absences.answered(contract.id) or absences.is_watched(
        contract, absences.watched_since(contract.id), due
    )


def _is_first(delivery: Delivery, contract: FeedContract, period: Period) -> bool:
    """Nothing that counts came for the period before."""
    others = (each for each in absences.came(contract.id) if period.holds(each.business_date))
    return min((each.sequence for each in others), default=delivery.sequence) >= delivery.sequence
