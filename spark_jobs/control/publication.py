"""Which silver versions verify has let through; everything downstream reads these and no others."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, select

from spark_jobs.control.database import session
from spark_jobs.control.schema import Publication

CHECKED = "silver_version"
"""In `checks`: the version that they are of."""


def last_published(feed: str) -> int | None:
    """The newest published silver version of a feed, None before the first."""
    with session() as at:
        return at.scalar(
            select(func.max(Publication.silver_version)).where(Publication.feed == feed, Publication.published)
        )


def of_feed(feed: str) -> Sequence[Publication]:
    """All that verify found of a feed's versions, oldest first."""
    with session() as at:
        query = select(Publication).where(Publication.feed == feed)
        return at.scalars(query.order_by(Publication.silver_version)).all()


def published_versions() -> dict[str, int]:
    """The newest published version of each silver table, by table name (`agency__feed`)."""
    newest = select(Publication.feed, func.max(Publication.silver_version))
    with session() as at:
        rows = at.execute(newest.where(Publication.published).group_by(Publication.feed).order_by(Publication.feed))
        return {feed.replace("/", "__"): version for feed, version in rows}


def record(feed: str, silver_version: int, published: bool, checks: dict[str, Any]) -> None:
    """Write down what verify found of a version; a later run over the same version replaces it.

    Args:
        feed: `agency/feed`.
        silver_version: Delta version that was checked.
        published: it may be read downstream.
        checks: expectations and their counts; never values.
    """
    with session() as at:
        at.merge(
            Publication(
                feed=feed,
                silver_version=silver_version,
                published=published,
                verified_at=datetime.now(UTC),
                checks={**checks, CHECKED: silver_version},
            )
        )
        at.commit()
