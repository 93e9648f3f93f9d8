"""How the steps of each feed went: whichever process or task ran them, they are told apart here."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select

from spark_jobs.control import lease
from spark_jobs.control.database import engine, session
from spark_jobs.control.schema import Step

RUNNING, DONE, FAILED = "running", "done", "failed"
INTERRUPTED = "interrupted"
"""Begun by a process that is no more, and not ended."""
_MOST = 4_000
"""Characters of what a step says."""


@dataclass(frozen=True)
class StepState:
    """A step of a feed as it is now."""

    feed: str
    step: str
    state: str
    begun_at: datetime
    ended_at: datetime | None
    tries: int
    said: str | None


def begin(feed: str, step: str) -> None:
    """Note that a step begins."""
    now = datetime.now(UTC)
    with session() as at:
        row = at.get(Step, (feed, step))
        if row is None:
            at.add(Step(feed=feed, step=step, state=RUNNING, begun_at=now, tries=1))
        else:
            tries = 1 if row.state == DONE else row.tries + 1
            row.state, row.begun_at, row.ended_at, row.tries, row.said = RUNNING, now, None, tries, None
        at.commit()


def end(feed: str, step: str, state: str, said: str) -> None:
    """Note how a step ended, and what it says of that."""
    with session() as at:
        row = at.get_one(Step, (feed, step))
        row.state, row.ended_at, row.said = state, datetime.now(UTC), said[:_MOST]
        at.commit()


def states(feed: str | None = None) -> list[StepState]:
    """The steps of a feed, or of all, in the order in which they last began within each feed."""
    query = select(Step).order_by(Step.feed, Step.begun_at)
    if feed is not None:
        query = query.where(Step.feed == feed)
    with session() as at:
        rows = at.scalars(query).all()
    return [StepState(row.feed, row.step, _state(row), row.begun_at, row.ended_at, row.tries, row.said) for row in rows]


def _state(row: Step) -> str:
    if row.state != RUNNING:
        return row.state
    holder = lease.look(engine(), lease_of(row.feed, row.step))
    return RUNNING if holder is not None and holder.is_live else INTERRUPTED


def lease_of(feed: str, step: str) -> str:
    """Name of the lease that a step of a feed holds while it works."""
    return f"{step}:{feed}"
