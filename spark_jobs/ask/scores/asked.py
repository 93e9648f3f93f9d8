"""Scores as they are asked for: of departments, of the feeds of one, or of one feed, for any day."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from expectations.contract.catalogue import feed_ids, load_feed
from expectations.dimensions import TITLES
from spark_jobs.ask.scores.facts import Fact, facts
from spark_jobs.ask.scores.reckoning import Score, of_department, of_feed
from spark_jobs.base.errors import LakeError


def of_feeds(on: date, days: int, department: str | None = None) -> list[Score]:
    """The feeds that were answered, sorted; those of a department, where one is named."""
    by_feed: dict[str, list[Fact]] = defaultdict(list)
    for fact in facts(on, days):
        by_feed[fact.feed].append(fact)
    wanted = None if department is None else set(feeds_of(department))
    return [of_feed(load_feed(feed), by_feed[feed]) for feed in sorted(by_feed) if wanted is None or feed in wanted]


def of_departments(on: date, days: int) -> list[Score]:
    """The departments whose deliveries were answered, sorted."""
    by_agency: dict[str, list[Score]] = defaultdict(list)
    for score in of_feeds(on, days):
        by_agency[score.name.partition("/")[0]].append(score)
    return [of_department(agency, _provider(feeds[0]), feeds) for agency, feeds in by_agency.items()]


def of_one(on: date, days: int, feed: str | None, department: str | None) -> Score | None:
    """The feed that is named, else the department as a whole; None where nothing of it was answered."""
    if feed is not None:
        found = of_feeds(on, days, feed.partition("/")[0])
        return next((score for score in found if score.name == feed), None)
    agency = feeds_of(department or "")[0].partition("/")[0]
    feeds = of_feeds(on, days, agency)
    return of_department(agency, _provider(feeds[0]), feeds) if feeds else None


def over_time(
    on: date, days: int, periods: int, feed: str | None, department: str | None
) -> Iterator[tuple[date, Score]]:
    """The score at the end of each of so many periods of `days`, the newest first; those without any are left out."""
    for place in range(periods):
        day = on - timedelta(days=place * days)
        score = of_one(day, days, feed, department)
        if score is not None:
            yield day, score


def feeds_of(department: str) -> list[str]:
    """The feeds of a department, named by its folder or in Chinese.

    Raises:
        LakeError: there is none.
    """
    found = [feed for feed in feed_ids() if feed.partition("/")[0] == department]
    found = found or [feed for feed in feed_ids() if load_feed(feed).catalogue.provider == department]
    if not found:
        agencies = sorted({feed.partition("/")[0] for feed in feed_ids()})
        raise LakeError(f"no contract is of a department {department}", f"departments: {', '.join(agencies)}")
    return found


def as_document(score: Score) -> dict[str, Any]:
    """A score for JSON, points to two decimals."""
    return {
        "name": score.name,
        "title": score.title,
        "deliveries": score.deliveries,
        "score": _rounded(score.total),
        "dimensions": {
            dimension.value: {
                "title": TITLES[dimension],
                "points": _rounded(each.points),
                "lost": [
                    {
                        "feed": loss.feed,
                        "code": loss.code,
                        "message": loss.message,
                        "points": _rounded(loss.points),
                        "rows": loss.rows,
                        "deliveries": loss.deliveries,
                    }
                    for loss in each.losses
                ],
            }
            for dimension, each in score.dimensions.items()
        },
    }


def _provider(score: Score) -> str:
    return load_feed(score.name).catalogue.provider


def _rounded(points: float | None) -> float | None:
    return None if points is None else round(points, 2)
