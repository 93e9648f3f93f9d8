"""A bureau's database: connected to with limits of time, and read in batches."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import (
    URL,
    Connection,
    Engine,
    MetaData,
    NullPool,
    Table,
    create_engine,
    event,
    func,
    make_url,
    select,
    text,
)
from sqlalchemy.exc import SQLAlchemyError

from expectations.contract.channels.jdbc import Jdbc
from expectations.contract.feed import FeedContract
from spark_jobs.base.settings import CITY_TIME, settings
from spark_jobs.intake.canonical import Row
from spark_jobs.intake.channels.jdbc.faults import Missing, told
from spark_jobs.intake.channels.jdbc.moments import holds
from spark_jobs.intake.channels.jdbc.silence import cut_when_silent
from spark_jobs.intake.channels.jdbc.texts import decoded, selected
from spark_jobs.intake.pulls.comparison import mark_column
from spark_jobs.intake.pulls.windows import Window
from spark_jobs.intake.sources import source_url

_AT_ONCE = 5_000
_PINS = {"sslrootcert", "ssl_ca"}
"""Parameters of URLs: of PostgreSQL, and of MariaDB and MySQL."""
_GRACE_SECONDS = 10
"""For the source's own limit to be reached first, as its error says more."""


def changed_rows(contract: FeedContract, options: Jdbc, window: Window) -> Iterator[Row]:
    """The rows of a window as text, by update time, as one statement sees them.

    Raises:
        LakeError: the source is not configured, it cannot be read, or it has no such table or column.
    """
    yield from _read(contract, options, [column.source for column in contract.columns], window)


def all_keys(contract: FeedContract, options: Jdbc) -> Iterator[Row]:
    """The keys of all rows, nothing else; see `changed_rows`."""
    yield from _read(contract, options, options.key, None)


def _read(contract: FeedContract, options: Jdbc, wanted: Sequence[str], window: Window | None) -> Iterator[Row]:
    with connected(contract, options) as connection:
        driver = connection.connection.driver_connection
        with cut_when_silent(driver, settings().source_statement_seconds + _GRACE_SECONDS) as heard:
            for row in _rows(connection, contract, options, wanted, window):
                heard()
                yield row


def tried(contract: FeedContract, options: Jdbc) -> int:
    """How many columns the contract's table has at the source, whose rows can be read.

    Raises:
        LakeError: what is wrong.
    """
    with connected(contract, options) as connection:
        table = source_table(connection, contract, options)
        connection.execute(select(table).limit(1)).first()
        return len(table.c)


def is_pinned(source: str) -> bool:
    """Whether the source's URL names the certificates that are taken for its own; a file on this machine needs none."""
    address = _address(source)
    return address.get_backend_name() == "sqlite" or not _PINS.isdisjoint(address.query)


@contextmanager
def connected(contract: FeedContract, options: Jdbc) -> Iterator[Connection]:
    """A connection to the source; what goes wrong in the block is told in plain words.

    Raises:
        LakeError: see there.
    """
    address = None
    try:
        address = _address(options.connection)
        with _engine(address).connect() as connection:
            _set_limits(connection)
            yield connection
    except (Missing, SQLAlchemyError, ImportError) as error:
        raise told(contract.id, options.connection, options.table, error, address) from error


def source_table(connection: Connection, contract: FeedContract, options: Jdbc) -> Table:
    """The contract's table as the source has it; a name may be that of a schema, a dot, and that of a table.

    Raises:
        NoSuchTableError: it is not there.
        Missing: columns of the contract are not there.
    """
    *schema, name = options.table.split(".", 1)
    table = Table(name, MetaData(), autoload_with=connection, schema=schema[0] if schema else None)
    ours = mark_column(contract)
    missing = [each.source for each in contract.columns if each.source not in table.c and each.source != ours]
    if missing:
        raise Missing(", ".join(missing))
    return table


def _rows(
    connection: Connection, contract: FeedContract, options: Jdbc, wanted: Sequence[str], window: Window | None
) -> Iterator[Row]:
    dialect = connection.dialect.name
    table = source_table(connection, contract, options)
    encoding = connection.scalar(text("show server_encoding")) if dialect == "postgresql" else None
    there = [column for column in contract.columns if column.source in table.c and column.source in wanted]
    parts = [selected(table.c[column.source], column, dialect, encoding) for column in there]
    keys = [table.c[name] for name in options.key]
    query = select(*(asked.label(f"c{place}") for place, (asked, _) in enumerate(parts)))
    if window is not None and options.updated_at is not None:
        changed = table.c[options.updated_at]
        query = query.where(holds(window, changed, dialect)).order_by(changed, *keys)
    elif window is not None:
        query = query.order_by(*keys)
    names, readers = [column.source for column in there], [read for _, read in parts]
    absent: Row = dict.fromkeys(wanted)
    for row in connection.execution_options(yield_per=_AT_ONCE).execute(query):
        yield absent | {name: read(value) for name, read, value in zip(names, readers, row, strict=True)}


def _set_limits(connection: Connection) -> None:
    """What is asked of a server once connected: a pooler before it would refuse some of it at the connection."""
    match connection.dialect.name:
        case "postgresql":
            limit = f"{settings().source_statement_seconds}s"
            connection.execute(select(func.set_config("statement_timeout", limit, True)))
        case "mysql" | "mariadb":
            # A timestamp is kept as UTC and shown in the session's zone.
            connection.execute(text("set time_zone = :zone"), {"zone": f"{datetime.now(CITY_TIME):%z}"[:3] + ":00"})


def _address(source: str) -> URL:
    embedded = settings().home / "sources" / f"{source}.db"
    if embedded.is_file() and source not in settings().sources:
        return make_url(f"sqlite:///{embedded}")
    return make_url(source_url(source, "SQLAlchemy URL").get_secret_value())


def _engine(address: URL) -> Engine:
    engine = create_engine(address, connect_args=_limits(address.get_backend_name()), poolclass=NullPool)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _read_any_bytes)
    return engine


def _limits(backend: str) -> dict[str, Any]:
    """Limits of time as the driver wants them; a driver that is not known here has its own."""
    connect, statement = settings().source_connect_seconds, settings().source_statement_seconds
    match backend:
        case "postgresql":
            alive = {"keepalives_idle": connect, "keepalives_interval": connect, "keepalives_count": 3}
            lost = {"tcp_user_timeout": 4_000 * connect}
            return {"connect_timeout": connect, **alive, **lost}
        case "mysql" | "mariadb":
            return {"connect_timeout": connect, "read_timeout": statement}
        case "sqlite":
            return {"timeout": connect}
        case _:
            return {}


def _read_any_bytes(connection: Any, _: object) -> None:
    connection.text_factory = decoded
