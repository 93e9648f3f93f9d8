"""Read a bureau's table by update time; each read becomes a delivery like any file."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.compute as pc
from sqlalchemy import Column, Engine, MetaData, String, Table, create_engine, select
from sqlalchemy.exc import NoSuchTableError, SQLAlchemyError

from expectations.contract.channels.jdbc import Jdbc
from expectations.contract.feed import FeedContract
from spark_jobs.base.errors import LakeError
from spark_jobs.base.settings import CITY_TIME, settings
from spark_jobs.control import ledger
from spark_jobs.control.ledger import Interval
from spark_jobs.control.schema import Delivery
from spark_jobs.intake.canonical import write_rows
from spark_jobs.intake.channel import Arrival
from spark_jobs.lake.storage import tables
from spark_jobs.lake.storage.arrow import dataset


class JdbcChannel:
    """See Channel."""

    def find(self, contract: FeedContract, interval: Interval | None, now: datetime) -> Iterator[Arrival]:
        """See Channel.find; one window, from where the last pull ended to the interval's end or now.

        The windows of all pulls join without gap or overlap, so a repeated interval finds nothing left to read.
        Rows that appear late, with an update time before the window, are found by looking back `overlap_minutes`.
        """
        arrival = _options(contract)
        start = ledger.last_pull_end(contract.id) or arrival.since
        wanted = interval.end if interval else now
        end = min(wanted, now).astimezone(CITY_TIME).replace(microsecond=0)
        if end <= start:
            return
        day = (end - timedelta(microseconds=1)).astimezone(CITY_TIME).date()
        key = f"{contract.id}/pull_{_stamp(start)}_{_stamp(end)}"
        yield Arrival(key, "1", now, business_date=day, window=(start, end))

    def fetch(self, contract: FeedContract, delivery: Delivery, to: Path) -> str:
        """See Channel.fetch."""
        arrival = _options(contract)
        if delivery.window_from is None or delivery.window_to is None:
            raise ValueError(f"{delivery.delivery_id} is no pull: it has no window")
        look_back = delivery.window_from - timedelta(minutes=arrival.overlap_minutes)
        known = _known_rows(contract, arrival, look_back) if arrival.overlap_minutes else set()
        identity = [*arrival.key, arrival.updated_at]
        changed = _rows(_source(arrival), contract, arrival, look_back, delivery.window_to)
        return write_rows((row for row in changed if tuple(row[name] for name in identity) not in known), to)


def _options(contract: FeedContract) -> Jdbc:
    assert isinstance(contract.arrival, Jdbc)  # noqa: S101  (for the type checker: the registry chose this channel)
    return contract.arrival


def _stamp(moment: datetime) -> str:
    return moment.astimezone(CITY_TIME).strftime("%Y%m%dT%H%M%S")


def _source(arrival: Jdbc) -> Engine:
    url = settings().sources.get(arrival.connection)
    embedded = settings().home / "sources" / f"{arrival.connection}.db"
    if url is None and embedded.is_file():
        return create_engine(f"sqlite:///{embedded}")
    if url is None:
        raise LakeError(
            f"the source {arrival.connection} is not configured",
            f"set LAKE_SOURCES__{arrival.connection.upper()} to its SQLAlchemy URL",
        )
    return create_engine(url.get_secret_value())


def _rows(
    engine: Engine, contract: FeedContract, arrival: Jdbc, start: datetime, end: datetime
) -> Iterator[dict[str, str | None]]:
    """The changed rows as text, oldest change first, in batches.

    Raises:
        LakeError: the source's table, a column, or the source itself is not there.
    """
    try:
        table = Table(arrival.table, MetaData(), autoload_with=engine)
        columns = [table.c[column.source] for column in contract.columns]
        changed = table.c[arrival.updated_at]
        query = (
            select(*columns)
            .where(changed >= _comparable(start, changed), changed < _comparable(end, changed))
            .order_by(changed, *(table.c[name] for name in arrival.key))
        )
        with engine.connect().execution_options(yield_per=10_000) as connection:
            for row in connection.execute(query):
                yield {column.name: _text(value) for column, value in zip(columns, row, strict=True)}
    except (NoSuchTableError, KeyError) as error:
        raise LakeError(
            f"{contract.id}: the source {arrival.connection} has no {error}", "compare the contract with the source"
        ) from error
    except SQLAlchemyError as error:
        raise LakeError(
            f"{contract.id}: the source {arrival.connection} cannot be read: {type(error).__name__}",
            "check that it is up and that LAKE_SOURCES has the right URL; the next run reads the same window",
        ) from error


def _comparable(moment: datetime, column: Column[Any]) -> datetime | str:
    """The moment as the source keeps it: text, local time, or with zone."""
    if isinstance(column.type, String):
        return moment.astimezone(CITY_TIME).strftime("%Y-%m-%d %H:%M:%S")
    if getattr(column.type, "timezone", False):
        return moment
    return moment.astimezone(CITY_TIME).replace(tzinfo=None)


def _text(value: object) -> str | None:
    """A database value as text; None where there is none."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, datetime):
        local = value.astimezone(CITY_TIME) if value.tzinfo else value
        return local.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, Decimal):
        return format(value, "f")
    return str(value)


def _known_rows(contract: FeedContract, arrival: Jdbc, since: datetime) -> set[tuple[str | None, ...]]:
    """Key and update time of the rows that earlier pulls brought from the look-back on."""
    if not tables.exists("bronze", contract.table):
        return set()
    names = {column.source: column.name for column in contract.columns}
    wanted = [names[source] for source in (*arrival.key, arrival.updated_at)]
    stamp = since.astimezone(CITY_TIME).strftime("%Y-%m-%d %H:%M:%S")
    rows = dataset("bronze", contract.table).to_table(
        columns=wanted, filter=pc.field(names[arrival.updated_at]) >= stamp
    )
    return set(zip(*(rows[name].to_pylist() for name in wanted), strict=True))


CHANNEL = JdbcChannel()
