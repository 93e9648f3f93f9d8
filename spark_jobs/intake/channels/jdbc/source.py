"""A bureau's database: connected to with limits of time, and read in batches."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Engine, MetaData, NullPool, Table, create_engine, event, func, make_url, select, text
from sqlalchemy.exc import NoSuchTableError, SQLAlchemyError

from expectations.contract.channels.jdbc import Jdbc
from expectations.contract.feed import FeedContract
from spark_jobs.base.errors import LakeError
from spark_jobs.base.settings import settings
from spark_jobs.intake.canonical import Row
from spark_jobs.intake.channels.jdbc.moments import holds
from spark_jobs.intake.channels.jdbc.silence import cut_when_silent
from spark_jobs.intake.channels.jdbc.texts import decoded, selected
from spark_jobs.intake.pulls.windows import Window
from spark_jobs.intake.sources import source_url

_AT_ONCE = 5_000
_GRACE_SECONDS = 10
"""For the source's own limit to be reached first, as its error says more."""


def changed_rows(contract: FeedContract, options: Jdbc, window: Window) -> Iterator[Row]:
    """The rows of a window as text, by update time, as one statement sees them.

    Raises:
        LakeError: the source is not configured, it cannot be read, or it has no such table or column.
    """
    try:
        engine = _engine(options)
        with engine.connect() as connection:
            driver = connection.connection.driver_connection
            with cut_when_silent(driver, settings().source_statement_seconds + _GRACE_SECONDS) as heard:
                for row in _rows(connection, contract, options, window):
                    heard()
                    yield row
    except (NoSuchTableError, KeyError) as error:
        raise LakeError(
            f"{contract.id}: the source {options.connection} has no {error}", "compare the contract with the source"
        ) from error
    except (SQLAlchemyError, ImportError) as error:
        raise LakeError(
            f"{contract.id}: the source {options.connection} cannot be read: {_kind(error)}",
            "check that it is up, that LAKE_SOURCES has the right URL, and that LAKE_SOURCE_CONNECT_SECONDS and "
            "LAKE_SOURCE_STATEMENT_SECONDS leave it time; the next run reads the same window",
        ) from error


def _rows(connection: Connection, contract: FeedContract, options: Jdbc, window: Window) -> Iterator[Row]:
    dialect = connection.dialect.name
    if dialect == "postgresql":
        # Not when connecting: a pooler before the server would refuse it.
        limit = f"{settings().source_statement_seconds}s"
        connection.execute(select(func.set_config("statement_timeout", limit, True)))
    table = Table(options.table, MetaData(), autoload_with=connection)
    encoding = connection.scalar(text("show server_encoding")) if dialect == "postgresql" else None
    parts = [selected(table.c[column.source], column, dialect, encoding) for column in contract.columns]
    keys = [table.c[name] for name in options.key]
    query = select(*(asked.label(f"c{place}") for place, (asked, _) in enumerate(parts))).order_by(*keys)
    if options.updated_at is not None:
        changed = table.c[options.updated_at]
        query = query.where(holds(window, changed, dialect)).order_by(None).order_by(changed, *keys)
    names = [column.source for column in contract.columns]
    readers = [read for _, read in parts]
    for row in connection.execution_options(yield_per=_AT_ONCE).execute(query):
        yield {name: read(value) for name, read, value in zip(names, readers, row, strict=True)}


def _engine(options: Jdbc) -> Engine:
    embedded = settings().home / "sources" / f"{options.connection}.db"
    if embedded.is_file() and options.connection not in settings().sources:
        address = make_url(f"sqlite:///{embedded}")
    else:
        address = make_url(source_url(options.connection, "SQLAlchemy URL").get_secret_value())
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


def _kind(error: Exception) -> str:
    """What kind of error it is; never its text, which may hold values or the URL."""
    original = getattr(error, "orig", None)
    return type(error).__name__ if original is None else f"{type(error).__name__} ({type(original).__name__})"
