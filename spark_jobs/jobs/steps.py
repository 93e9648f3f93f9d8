"""A step of a feed's deliveries as a data engineer follows it: named in the log, its state in the control database."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from expectations.contract.feed import FeedContract
from spark_jobs.base.errors import LakeError
from spark_jobs.base.logs import logger
from spark_jobs.control import steps
from spark_jobs.control.ledger import Interval

log = logger("step")

Work = Callable[[FeedContract, Interval | None], Sequence[str]]
"""Does a step; returns what it did, a line each."""


def run_step(name: str, work: Work, contract: FeedContract, interval: Interval | None) -> Sequence[str]:
    """Do a step and return what it says; begin, end and failure are noted under the step's own name.

    A step that is run again goes on where the ledger says that its deliveries stopped.
    """
    log.info("step begins", feed=contract.id, step=name)
    steps.begin(contract.id, name)
    with _failure_noted(contract.id, name):
        said = work(contract, interval)
    steps.end(contract.id, name, steps.DONE, "\n".join(said))
    log.info("step done", feed=contract.id, step=name)
    return said


@contextmanager
def _failure_noted(feed: str, name: str) -> Iterator[None]:
    try:
        yield
    except Exception as error:
        # Of anything but our own errors the text may hold values.
        reason = f"{error.what}; next: {error.next_step}" if isinstance(error, LakeError) else type(error).__name__
        log.error("step failed", feed=feed, step=name, error=type(error).__name__)
        steps.end(feed, name, steps.FAILED, reason)
        raise
