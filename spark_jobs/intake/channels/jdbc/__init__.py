"""Read a bureau's table by update time; each read becomes a delivery like any file."""

import json
import tempfile
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from expectations.contract.channels.jdbc import Jdbc
from expectations.contract.feed import FeedContract
from spark_jobs.base.failpoints import failpoint
from spark_jobs.base.settings import CITY_TIME
from spark_jobs.control import ledger
from spark_jobs.control.ledger import Interval
from spark_jobs.control.schema import Delivery
from spark_jobs.intake.canonical import Row, fitting, read_rows, write_rows
from spark_jobs.intake.channel import Arrival
from spark_jobs.intake.channels.jdbc.brought import Brought, brought
from spark_jobs.intake.channels.jdbc.moments import Window, is_dated, stamp
from spark_jobs.intake.channels.jdbc.source import changed_rows

_VERSION = "1"


class JdbcChannel:
    """See Channel."""

    def find(self, contract: FeedContract, interval: Interval | None, now: datetime) -> Iterator[Arrival]:
        """See Channel.find; one window, from where the last pull ended to the interval's end or now.

        The windows of all pulls join without gap or overlap, so a repeated interval finds nothing left to read.
        """
        start = ledger.last_pull_end(contract.id) or _options(contract).since
        wanted = interval.end if interval else now
        end = min(wanted, now).astimezone(CITY_TIME).replace(microsecond=0)
        if end <= start:
            return
        day = (end - timedelta(microseconds=1)).astimezone(CITY_TIME).date()
        key = f"{contract.id}/pull_{_compact(start)}_{_compact(end)}"
        # A window whose pull came to nothing is open again; should it be asked for anew, that is another delivery.
        sight = ledger.sights(contract.id, key, _VERSION) + 1
        yield Arrival(key, _VERSION, now, sight=sight, business_date=day, window=(start, end))

    def fetch(self, contract: FeedContract, delivery: Delivery, to: Path) -> str:
        """See Channel.fetch; the rows of the window that the lake does not have as they are.

        Also read are the rows from `overlap_minutes` before it, for transactions that were open then, and those whose
        update time says nothing: there is none, it cannot be read as one, or it is still to come.
        """
        options = _options(contract)
        start, end = _window(delivery)
        window = Window(start - timedelta(minutes=options.overlap_minutes), end, datetime.now(UTC))
        known = brought(contract, options, window.start)
        rows = map(fitting, changed_rows(contract, options, window))
        with tempfile.TemporaryDirectory(dir=to.parent) as folder:
            sha256 = write_rows(_news(rows, known, Path(folder) / "known"), to)
        failpoint("pulls.after_read")
        return sha256

    def notes(self, contract: FeedContract, delivery: Delivery, path: Path) -> list[str]:
        """See Channel.notes; how many rows were taken for their content, as their update time says nothing."""
        name, end = _options(contract).updated_at, stamp(_window(delivery)[1])
        undated = later = 0
        for row in read_rows(path):
            moment = row.get(name)
            undated += not is_dated(moment)
            later += is_dated(moment) and str(moment) >= end
        notes = []
        if undated:
            notes.append(
                f"{undated} 行没有可用的更新时间（{name}），按整行内容判断为新增或变更后接收；请在业务系统中补填"
            )
        if later:
            notes.append(f"{later} 行的更新时间（{name}）晚于本次同步，已接收；请检查业务系统的时钟")
        return notes


def _options(contract: FeedContract) -> Jdbc:
    assert isinstance(contract.arrival, Jdbc)  # noqa: S101  (for the type checker: the registry chose this channel)
    return contract.arrival


def _window(delivery: Delivery) -> tuple[datetime, datetime]:
    if delivery.window_from is None or delivery.window_to is None:
        raise ValueError(f"{delivery.delivery_id} is no pull: it has no window")
    return delivery.window_from, delivery.window_to


def _compact(moment: datetime) -> str:
    return moment.astimezone(CITY_TIME).strftime("%Y%m%dT%H%M%S")


def _news(rows: Iterable[Row], known: Brought, aside: Path) -> Iterator[Row]:
    """Rows that the lake does not have, then those it has of keys of which another row is taken.

    The latter keep a key whose rows are several, against the contract, from coming back and forth in turn: what the
    lake holds of a key is what the last pull that took any of it brought.
    """
    changed: set[bytes] = set()
    with aside.open("w+", encoding="ascii") as held:
        for row in rows:
            key = known.key_of(row)
            if known.holds(key, row):
                held.write(f"{key.hex()} {json.dumps(row)}\n")
                continue
            if known.has(key):
                changed.add(key)
            yield row
        held.seek(0)
        for line in held:
            name, _, text = line.partition(" ")
            if bytes.fromhex(name) in changed:
                yield json.loads(text)


CHANNEL = JdbcChannel()
