"""Points by the six dimensions of GB/T 36344-2018, from facts alone.

Of a delivery, a dimension has the share of rows in which nothing of it is wrong, as the standard reckons (X = A / B); a
row with two things of one dimension wrong counts twice, and no dimension falls below zero. A delivery that is rejected
has no point in the dimension of its reason, and what is not known of it is not reckoned; one that is late, or has not
come, has none in timeliness. A feed has the mean of its deliveries, as one that was rejected has no rows to weigh it
by; a department that of its feeds. The score is the mean of the dimensions that could be reckoned.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from expectations.contract.feed import FeedContract
from expectations.dimensions import Dimension
from expectations.rejections import load_rejections
from spark_jobs.ask.scores.facts import ABSENT, Fact

LATE = "late"
_OF_TIME = {LATE: "报送时间晚于约定的时限", ABSENT: "应报送而未收到"}
"""Reasons that are about a delivery's time, not about what it holds."""
_NO_RULE = "该规则已不在约定中"
_Lost = Mapping[str, float]
"""Share of a delivery that is lost, by reason."""


@dataclass(frozen=True)
class Loss:
    """Why points were lost.

    Args:
        feed: whose deliveries.
        code: the reason.
        message: in Chinese.
        points: of 100, in the dimension.
        rows: in which it was found; 0 where it is about whole deliveries.
        deliveries: in which it was found.
    """

    feed: str
    code: str
    message: str
    points: float
    rows: int
    deliveries: int


@dataclass(frozen=True)
class Points:
    """One dimension: 100 less what was lost; None where nothing could be reckoned."""

    points: float | None
    losses: tuple[Loss, ...] = ()


@dataclass(frozen=True)
class Score:
    """The points of a feed or of a department."""

    name: str
    title: str
    deliveries: int
    dimensions: Mapping[Dimension, Points]

    @property
    def total(self) -> float | None:
        """The mean of the dimensions that were reckoned."""
        known = [each.points for each in self.dimensions.values() if each.points is not None]
        return sum(known) / len(known) if known else None

    @property
    def losses(self) -> list[tuple[Dimension, Loss]]:
        """All reasons, what cost most first."""
        found = [(dimension, loss) for dimension, each in self.dimensions.items() for loss in each.losses]
        return sorted(found, key=lambda pair: (-pair[1].points, pair[1].feed, pair[1].code))


def of_feed(contract: FeedContract, facts: Sequence[Fact]) -> Score:
    """The points of a feed over its deliveries."""
    shares = [_shares(fact, contract) for fact in facts]
    points = {dimension: _points(dimension, contract, facts, shares) for dimension in Dimension}
    return Score(contract.id, contract.title, sum(not fact.is_absent for fact in facts), points)


def of_department(name: str, title: str, feeds: Sequence[Score]) -> Score:
    """The points of a department: of each dimension the mean over its feeds in which it was reckoned."""
    points = {dimension: _mean([feed.dimensions[dimension] for feed in feeds]) for dimension in Dimension}
    return Score(name, title, sum(feed.deliveries for feed in feeds), points)


def _points(
    dimension: Dimension, contract: FeedContract, facts: Sequence[Fact], shares: Sequence[Mapping[Dimension, _Lost]]
) -> Points:
    reckoned = [(fact, each[dimension]) for fact, each in zip(facts, shares, strict=True) if dimension in each]
    if not reckoned:
        return Points(None)
    lost: dict[str, list[tuple[Fact, float]]] = defaultdict(list)
    for fact, each in reckoned:
        for code, share in each.items():
            lost[code].append((fact, share))
    losses = []
    for code, found in sorted(lost.items()):
        points = 100 * sum(share for _, share in found) / len(reckoned)
        rows = sum(fact.broken.get(code, 0) for fact, _ in found)
        losses.append(Loss(contract.id, code, _explained(code, contract)[1], points, rows, len(found)))
    # The sum of many shares may miss 100 by a rounding.
    return Points(max(100 - sum(loss.points for loss in losses), 0.0), tuple(losses))


def _shares(fact: Fact, contract: FeedContract) -> dict[Dimension, _Lost]:
    """What a delivery lost in each dimension in which it can be reckoned."""
    if fact.is_absent:
        return {Dimension.TIMELINESS: {ABSENT: 1.0}}
    found: dict[Dimension, dict[str, float]] = {Dimension.ACCESSIBILITY: {}, Dimension.TIMELINESS: {}}
    if fact.rejection is not None:
        found.setdefault(_explained(fact.rejection, contract)[0], {})[fact.rejection] = 1.0
    elif fact.rows:
        found = {dimension: {} for dimension in Dimension}
        for code, rows in fact.broken.items():
            found[_explained(code, contract)[0]][code] = rows / fact.rows
    if fact.is_late:
        found[Dimension.TIMELINESS][LATE] = 1.0
    return {dimension: _at_most_all(lost) for dimension, lost in found.items()}


def _at_most_all(lost: dict[str, float]) -> _Lost:
    """The shares, in proportion where together they are more than the whole."""
    whole = max(sum(lost.values()), 1.0)
    return {code: share / whole for code, share in lost.items()}


def _mean(several: Iterable[Points]) -> Points:
    known = [each for each in several if each.points is not None]
    if not known:
        return Points(None)
    losses = [
        Loss(loss.feed, loss.code, loss.message, loss.points / len(known), loss.rows, loss.deliveries)
        for each in known
        for loss in each.losses
    ]
    return Points(sum(each.points or 0.0 for each in known) / len(known), tuple(losses))


def _explained(code: str, contract: FeedContract) -> tuple[Dimension, str]:
    """The dimension of a reason, and what it says; a rule that is no more measured agreement, as most rules do."""
    if code in _OF_TIME:
        return Dimension.TIMELINESS, _OF_TIME[code]
    breach = contract.breaches().get(code)
    if breach is not None:
        return breach.dimension, breach.message
    rejection = load_rejections().get(code)
    if rejection is not None:
        return rejection.dimension, re.sub(r"\{\w+\}", "…", rejection.message)
    return Dimension.CONSISTENCY, _NO_RULE
