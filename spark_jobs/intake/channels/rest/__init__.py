"""Read a bureau's REST interface by update time, or all of it; each read becomes a delivery like any file."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import chain
from pathlib import Path

import httpx2

from expectations.contract.channels.rest import Rest
from expectations.contract.feed import FeedContract
from spark_jobs.base.errors import LakeError
from spark_jobs.base.settings import CITY_TIME
from spark_jobs.control.ledger import Interval
from spark_jobs.control.schema import Delivery
from spark_jobs.intake.canonical import Record
from spark_jobs.intake.channel import Arrival
from spark_jobs.intake.channels.rest.address import read_address
from spark_jobs.intake.channels.rest.faults import Fault, told
from spark_jobs.intake.channels.rest.reading import Source
from spark_jobs.intake.channels.rest.records import Records
from spark_jobs.intake.channels.rest.session import ATTEMPTS, opened
from spark_jobs.intake.pulls.brought import brought
from spark_jobs.intake.pulls.comparison import due_comparison, is_comparison, write_gone
from spark_jobs.intake.pulls.moments import stamp
from spark_jobs.intake.pulls.news import notes_of_pull, write_news
from spark_jobs.intake.pulls.windows import Window, pull_options, read_window, windows

_ZONES = timedelta(days=1)
"""What two zones of time may differ by: an update time may have another than the city's."""
_FORMS: dict[str, Callable[[datetime], str]] = {
    "text": stamp,
    "rfc3339": lambda moment: moment.astimezone(CITY_TIME).isoformat(timespec="seconds"),
    "milliseconds": lambda moment: str(int(moment.timestamp() * 1_000)),
}
"""How an interface is told a moment; see Changed.form."""


class RestChannel:
    """See Channel."""

    def find(self, contract: FeedContract, interval: Interval | None, now: datetime) -> Iterator[Arrival]:
        """See Channel.find; the windows that are not read yet, and a comparison of keys that is due."""
        return chain(windows(contract, interval, now), due_comparison(contract, now))

    def fetch(self, contract: FeedContract, delivery: Delivery, to: Path) -> str:
        """See Channel.fetch; the records of the window that the lake does not have as they are.

        Also asked for are the records from `overlap_minutes` before it. An interface that cannot be asked for a time
        gives all that it has, and all of it is compared.
        """
        options = _options(contract)
        if is_comparison(delivery):
            with tempfile.TemporaryDirectory(dir=to.parent) as folder, _source(contract) as source:
                return write_gone(contract, delivery, source.read({}, Path(folder) / "pages"), to)
        window = read_window(contract, delivery)
        known = brought(contract, options, window.start - _ZONES if _is_asked(options) else None)
        with tempfile.TemporaryDirectory(dir=to.parent) as folder, _source(contract) as source:
            rows = source.read(_of_window(options, window), Path(folder) / "pages")
            return write_news((row for row in rows if _takes(options, window, row)), known, to)

    def notes(self, contract: FeedContract, delivery: Delivery, path: Path) -> list[str]:
        """See Channel.notes."""
        return notes_of_pull(contract, delivery, path)

    def check(self, contract: FeedContract) -> str:
        """See Channel.check; the first page of all that is to be had."""
        now = datetime.now(CITY_TIME)
        asked = _of_window(_options(contract), Window(pull_options(contract).since, now, now))
        with _source(contract, attempts=1) as source:
            page = source.first_page(asked)
        is_plain = read_address(_options(contract).connection).certificate is None
        return f"it answers, {_of_page(contract, page)}" + ("; nothing is encrypted (http://)" if is_plain else "")


def _of_page(contract: FeedContract, page: list[Record]) -> str:
    """What one page shows.

    Raises:
        LakeError: its records are not those of the contract.
    """
    rows = [row for row in page if isinstance(row, dict)]
    if not rows:
        return f"{len(page)} records on the first page, so that their fields cannot be compared"
    nameless = [name for name in pull_options(contract).row_names() if not any(row.get(name) for row in rows)]
    known = {column.source for column in contract.columns} | set(contract.ignore)
    unknown = sorted({name for row in rows for name in row} - known)
    if nameless or (unknown and contract.on_unknown_column == "freeze"):
        said = [f"no record has a value of {', '.join(nameless)}"] if nameless else []
        said += [f"records have what the contract does not name: {', '.join(unknown)}"] if unknown else []
        raise LakeError(
            f"{contract.id}: the source {pull_options(contract).connection}: {'; '.join(said)}",
            "compare the contract's columns and ignore with the interface",
        )
    return f"{len(page)} records on the first page"


@contextmanager
def _source(contract: FeedContract, attempts: int = ATTEMPTS) -> Iterator[Source]:
    """The feed's records at its source.

    Raises:
        LakeError: what goes wrong with the source, within the block too.
    """
    options = _options(contract)
    at = read_address(options.connection)
    try:
        with opened(at, attempts) as session:
            below = f"{at.root}{at.base}"
            yield Source(session, options, Records(contract), at.url(options.path), below)
    except (Fault, httpx2.HTTPError, httpx2.InvalidURL) as error:
        # Without its cause: that may quote a URL.
        raise told(contract.id, at, error) from None


def _is_asked(options: Rest) -> bool:
    """The interface is asked for a time, not for all that it has."""
    return options.changed is not None and options.updated_at is not None


def _of_window(options: Rest, window: Window) -> dict[str, str]:
    if options.changed is None:
        return {}
    form = _FORMS[options.changed.form]
    until = {options.changed.until: form(window.end)} if options.changed.until else {}
    return {options.changed.since: form(window.start)} | until


def _takes(options: Rest, window: Window, row: Record) -> bool:
    """Whether a record is of the window, whatever the interface took its bounds for."""
    if not _is_asked(options) or isinstance(row, str):
        return True
    return window.takes(row.get(str(options.updated_at)))


def _options(contract: FeedContract) -> Rest:
    assert isinstance(contract.arrival, Rest)  # noqa: S101  (for the type checker: the registry chose this channel)
    return contract.arrival


CHANNEL = RestChannel()
