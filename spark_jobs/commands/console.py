"""The two consoles: answers on standard output, progress and errors on standard error."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING

from rich.console import Console

from expectations.contract.catalogue import load_feed
from expectations.contract.feed import FeedContract
from spark_jobs.base.errors import LakeError

if TYPE_CHECKING:
    from spark_jobs.control.ledger import Interval

out = Console(soft_wrap=True, width=None if sys.stdout.isatty() else 180)
err = Console(stderr=True)


@contextmanager
def working(what: str) -> Iterator[None]:
    """Show that something is under way while the block runs."""
    with err.status(what):
        yield


def contract_of(feed: str) -> FeedContract:
    """The contract that a command line names."""
    return load_feed(feed)


def interval_of(start: str | None, end: str | None) -> "Interval | None":
    """The data interval of `--from` and `--to`.

    Raises:
        LakeError: only one is given, or one is not an ISO date-time with a zone.
    """
    if start is None and end is None:
        return None
    from spark_jobs.control.ledger import Interval

    try:
        moments = [datetime.fromisoformat(text or "") for text in (start, end)]
    except ValueError as error:
        raise LakeError(
            f"not an ISO date-time: {start!r} to {end!r}", "for example 2026-11-02T03:00:00+08:00"
        ) from error
    if any(moment.tzinfo is None for moment in moments):
        raise LakeError(f"no zone in {start!r} to {end!r}", "for example 2026-11-02T03:00:00+08:00")
    return Interval(moments[0], moments[1])
