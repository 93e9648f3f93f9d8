"""Read a bureau's table by update time; each read becomes a delivery like any file."""

from collections.abc import Iterator
from datetime import datetime
from itertools import chain
from pathlib import Path

from expectations.contract.channels.jdbc import Jdbc
from expectations.contract.feed import FeedContract
from spark_jobs.control.ledger import Interval
from spark_jobs.control.schema import Delivery
from spark_jobs.intake.channel import Arrival
from spark_jobs.intake.channels.jdbc.source import all_keys, changed_rows, is_pinned, tried
from spark_jobs.intake.pulls.brought import brought
from spark_jobs.intake.pulls.comparison import due_comparison, is_comparison, write_gone
from spark_jobs.intake.pulls.news import notes_of_pull, write_news
from spark_jobs.intake.pulls.windows import read_window, windows


class JdbcChannel:
    """See Channel."""

    def find(self, contract: FeedContract, interval: Interval | None, now: datetime) -> Iterator[Arrival]:
        """See Channel.find; the windows that are not read yet, and a comparison of keys that is due."""
        return chain(windows(contract, interval, now), due_comparison(contract, now))

    def fetch(self, contract: FeedContract, delivery: Delivery, to: Path) -> str:
        """See Channel.fetch; the rows of the window that the lake does not have as they are.

        Also read are the rows from `overlap_minutes` before it, for transactions that were open then, and those whose
        update time says nothing: there is none, it cannot be read as one, or it is still to come.
        """
        options = _options(contract)
        if is_comparison(delivery):
            return write_gone(contract, delivery, all_keys(contract, options), to)
        window = read_window(contract, delivery)
        known = brought(contract, options, window.start)
        return write_news(changed_rows(contract, options, window), known, to)

    def notes(self, contract: FeedContract, delivery: Delivery, path: Path) -> list[str]:
        """See Channel.notes."""
        return notes_of_pull(contract, delivery, path)

    def check(self, contract: FeedContract) -> str:
        """See Channel.check."""
        options = _options(contract)
        columns = tried(contract, options)
        pinned = "" if is_pinned(options.connection) else "; its URL pins no certificate (sslrootcert=, ssl_ca=)"
        return f"table {options.table} can be read, {columns} columns with all of the contract's{pinned}"


def _options(contract: FeedContract) -> Jdbc:
    assert isinstance(contract.arrival, Jdbc)  # noqa: S101  (for the type checker: the registry chose this channel)
    return contract.arrival


CHANNEL = JdbcChannel()
