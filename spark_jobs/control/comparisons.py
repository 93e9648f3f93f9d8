"""Hits of comparisons that went back to departments, in the control database."""

from collections.abc import Sequence

from sqlalchemy import func, select

from spark_jobs.control.database import session
from spark_jobs.control.schema import ComparisonReturn


def last_return(comparison: str) -> ComparisonReturn | None:
    """What went back last of a comparison."""
    query = (
        select(ComparisonReturn)
        .where(ComparisonReturn.comparison == comparison)
        .order_by(ComparisonReturn.number.desc())
        .limit(1)
    )
    with session() as at:
        return at.scalar(query)


def returns() -> Sequence[ComparisonReturn]:
    """All that ever went back."""
    query = select(ComparisonReturn).order_by(ComparisonReturn.comparison, ComparisonReturn.number)
    with session() as at:
        return at.scalars(query).all()


def add(given: ComparisonReturn) -> None:
    """Note what went back."""
    with session() as at:
        at.add(given)
        at.commit()


def compared() -> tuple[int, int]:
    """How many comparisons have given something back, and their hits as of the last time."""
    newest = (
        select(ComparisonReturn.comparison, func.max(ComparisonReturn.number).label("number"))
        .group_by(ComparisonReturn.comparison)
        .subquery()
    )
    query = select(func.count(), func.coalesce(func.sum(ComparisonReturn.hits), 0)).join(
        newest,
        (newest.c.comparison == ComparisonReturn.comparison) & (newest.c.number == ComparisonReturn.number),
    )
    with session() as at:
        comparisons, hits = at.execute(query).one()
    return int(comparisons), int(hits)
