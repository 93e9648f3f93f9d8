"""How each system of the city stands: what came of it, and whether it is where it should be."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, case, func, select

from expectations.comparisons import load_comparisons
from expectations.contract.catalogue import feed_ids, load_feed
from expectations.systems import System, load_systems
from spark_jobs.control import comparisons, repairs
from spark_jobs.control.database import session
from spark_jobs.control.schema import Delivery, DeliveryState, ReceiptLink, Step
from spark_jobs.control.steps import FAILED

OTHERS = "其他"
"""Feeds that the study does not name."""
TAKEN_BACK = "taken_back"
"""Rows of deliveries that others have replaced, or that were recalled: nobody has refused them."""
COUNTS = ("rows_counted", "accepted", "quarantined", "rejected", TAKEN_BACK)
_CLOSED = (DeliveryState.COMMITTED, DeliveryState.REJECTED, DeliveryState.REPLACED, DeliveryState.RECALLED)

State = Literal["green", "no_contract", "nothing_came", "all_rejected", "failed", "waiting"]
"""Worst last but for `green`; of a system the state of the feed that stands worst."""
WORDS: dict[State, str] = {
    "green": "正常",
    "waiting": "有数据待处理",
    "failed": "处理出错",
    "all_rejected": "全部被拒收",
    "nothing_came": "尚未收到数据",
    "no_contract": "尚无数据约定",
}
_ORDER: tuple[State, ...] = tuple(WORDS)


@dataclass
class FeedStanding:
    """What the ledger says of one feed."""

    feed: str
    state: State
    deliveries: int = 0
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(COUNTS, 0))
    last_receipt: datetime | None = None
    open_rows: int = 0
    """Quarantined rows that no later delivery has closed."""


@dataclass(frozen=True)
class Standing:
    """How a system stands.

    Args:
        name: of the system, in Chinese.
        state: of the feed that stands worst.
        feeds: each of its feeds.
        shown_by: of a project that is the lake itself, what shows it, in Chinese.
    """

    name: str
    state: State
    feeds: tuple[FeedStanding, ...]
    shown_by: str = ""

    def total(self, count: str) -> int:
        """Sum of a count over its feeds."""
        return sum(feed.counts[count] for feed in self.feeds)

    @property
    def open_rows(self) -> int:
        """Quarantined rows of all its feeds that are still to be fixed."""
        return sum(feed.open_rows for feed in self.feeds)

    @property
    def deliveries(self) -> int:
        """Deliveries of all its feeds that were answered."""
        return sum(feed.deliveries for feed in self.feeds)

    @property
    def last_receipt(self) -> datetime | None:
        """When the last receipt was issued."""
        return max((feed.last_receipt for feed in self.feeds if feed.last_receipt), default=None)

    def ways(self) -> list[str]:
        """Channels of its feeds, in Chinese."""
        return sorted({load_feed(each.feed).arrival.title for each in self.feeds if each.state != "no_contract"})

    def cycles(self) -> list[str]:
        """How often its feeds come, by the catalogue."""
        known = (load_feed(each.feed) for each in self.feeds if each.state != "no_contract")
        return sorted({contract.catalogue.update_cycle for contract in known})


Shown = Callable[[str, dict[str, FeedStanding]], Standing]
"""How a project that is the lake itself stands, from its name and all feeds."""


def standings() -> list[Standing]:
    """Every system of the study, and last the feeds that it does not name."""
    systems, known = load_systems(), set(feed_ids())
    named = {feed for system in systems for feed in system.feeds}
    found = _by_feed(known | named)
    made = [_standing(system, found) for system in systems]
    if others := sorted(known - named):
        made.append(_of_feeds(OTHERS, [found[feed] for feed in others]))
    return made


def as_document(standing: Standing) -> dict[str, Any]:
    """A standing for JSON."""
    return {
        "system": standing.name,
        "state": standing.state,
        "shown_by": standing.shown_by or None,
        "channels": standing.ways(),
        "cycles": standing.cycles(),
        "deliveries": standing.deliveries,
        **{count: standing.total(count) for count in COUNTS},
        "open_rows": standing.open_rows,
        "last_receipt": standing.last_receipt.isoformat() if standing.last_receipt else None,
        "feeds": [{"feed": each.feed, "state": each.state, "deliveries": each.deliveries} for each in standing.feeds],
    }


def _standing(system: System, found: dict[str, FeedStanding]) -> Standing:
    if system.shown_by is None:
        return _of_feeds(system.name, [found[feed] for feed in system.feeds])
    return SHOWN[system.shown_by](system.name, found)


def _of_feeds(name: str, feeds: Sequence[FeedStanding]) -> Standing:
    return Standing(name, max((each.state for each in feeds), key=_ORDER.index), tuple(feeds))


def _by_feed(feeds: Iterable[str]) -> dict[str, FeedStanding]:
    """Counts and state of each feed; columns of receipts are summed by the database, none is loaded."""
    is_closed = Delivery.state.in_([state.value for state in _CLOSED])
    is_taken_back = Delivery.state.in_([DeliveryState.REPLACED.value, DeliveryState.RECALLED.value])
    counted: dict[str, tuple[ColumnElement[bool], str]] = {name: (is_closed, name) for name in COUNTS}
    counted["rejected"] = (is_closed & ~is_taken_back, "rejected")
    # Their last receipts count all their rows as rejected.
    counted[TAKEN_BACK] = (is_taken_back, "rejected")
    sums = [func.sum(case((which, Delivery.receipt[of].as_integer()))) for which, of in counted.values()]
    accepted = func.count(case((Delivery.state == DeliveryState.COMMITTED.value, 1)))
    query = select(
        Delivery.feed, func.count(), func.count(case((is_closed, 1))), accepted, func.max(Delivery.closed_at), *sums
    ).group_by(Delivery.feed)
    with session() as at:
        rows = {row[0]: row[1:] for row in at.execute(query)}
        failed = set(at.scalars(select(Step.feed).where(Step.state == FAILED)))
    contracts, to_fix = set(feed_ids()), repairs.open_rows()
    found = {feed: _feed_standing(feed, rows.get(feed), feed in failed, feed in contracts) for feed in feeds}
    return {feed: replace(standing, open_rows=to_fix.get(feed, 0)) for feed, standing in found.items()}


def _feed_standing(feed: str, row: Sequence[Any] | None, failed: bool, has_contract: bool) -> FeedStanding:
    if not has_contract:
        return FeedStanding(feed, "no_contract")
    if row is None:
        return FeedStanding(feed, "failed" if failed else "nothing_came")
    seen, closed, accepted, last, *sums = row
    counts = {name: int(value or 0) for name, value in zip(COUNTS, sums, strict=True)}
    state: State = "green"
    if closed < seen:
        state = "waiting"
    elif not accepted:
        state = "all_rejected"
    if failed:
        state = "failed"
    return FeedStanding(feed, state, int(closed), counts, last)


def _by_channels(name: str, found: dict[str, FeedStanding]) -> Standing:
    """The extranet's renewal is shown by what is fetched over it."""
    fetched = [
        each for each in found.values() if each.state != "no_contract" and load_feed(each.feed).arrival.is_pulled
    ]
    ways = "、".join(sorted({load_feed(each.feed).arrival.kind for each in fetched}))
    state: State = "green" if any(each.state == "green" for each in fetched) else "nothing_came"
    return Standing(name, state, (), f"通道 {ways}：{len(fetched)} 类数据经外网采集")


def _by_receipts(name: str, _found: dict[str, FeedStanding]) -> Standing:
    """The platform of chained records is shown by the chains of receipts."""
    query = select(func.count(), func.count(ReceiptLink.agency.distinct()))
    with session() as at:
        receipts, agencies = at.execute(query).one()
    return Standing(name, "green" if receipts else "nothing_came", (), f"回执链：{agencies} 个部门 {receipts} 份回执")


def _by_comparisons(name: str, _found: dict[str, FeedStanding]) -> Standing:
    """The comparison of departments' data is shown by the hits that went back to them."""
    done, hits = comparisons.compared()
    wanted = len(load_comparisons())
    state: State = "green" if done >= wanted else "nothing_came"
    return Standing(name, state, (), f"比对作业：{done}/{wanted} 类已比对，{hits:,} 条结果已回送部门")


SHOWN: dict[str, Shown] = {
    "channels": _by_channels,
    "receipt_chain": _by_receipts,
    "comparisons": _by_comparisons,
}
"""What shows a project that is the lake itself."""
