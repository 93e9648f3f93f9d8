"""The engine of the control database, migrated to the newest schema on first use."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

from sqlalchemy import Engine, create_engine, event, inspect, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from spark_jobs.base.errors import LakeError
from spark_jobs.base.settings import settings

_MIGRATIONS = Path(__file__).with_name("migrations")
_HEAD = "0011"


@cache
def engine(url: str | None = None) -> Engine:
    """The engine for `url`, by default the settings' control database; migrates it if it is behind.

    Raises:
        LakeError: the database cannot be reached.
    """
    url = url or settings().control_database
    if url.startswith("sqlite:///"):
        Path(url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
    made = create_engine(url, pool_pre_ping=True)
    if made.dialect.name == "sqlite":
        event.listen(made, "connect", _sqlite_settings)
        event.listen(made, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    try:
        _migrate(made)
    except OperationalError as error:
        shown = made.url.render_as_string(hide_password=True)
        raise LakeError(
            f"the control database {shown} cannot be reached: {error.orig}", "start it, or check LAKE_CONTROL_URL"
        ) from error
    return made


def session() -> Session:
    """A session on the control database; use it as a context manager and commit."""
    return Session(_looked_at.get() or engine(), expire_on_commit=False)


@contextmanager
def looking_only() -> Iterator[bool]:
    """In the block, sessions read the control database as it is: nothing is made, migrated or written.

    Gives whether there is one. One of another version of the code may lack a column that is asked for.
    """
    url = settings().control_database
    file = Path(url.removeprefix("sqlite:///")) if url.startswith("sqlite:///") else None
    if file is not None and not file.is_file():
        yield False
        return
    read_only = _file_read_only(file) if file is not None else create_engine(url).execution_options(**_READ_ONLY)
    before = _looked_at.set(read_only)
    try:
        yield True
    finally:
        _looked_at.reset(before)
        read_only.dispose()


_looked_at: ContextVar[Engine | None] = ContextVar("looked_at", default=None)
_READ_ONLY = {"postgresql_readonly": True}


def _file_read_only(file: Path) -> Engine:
    # Beside a file that nobody has open SQLite would make others, to read it in turn with writers.
    mode = "mode=ro" if file.with_name(f"{file.name}-wal").exists() else "mode=ro&immutable=1"
    uri = f"{file.resolve().as_uri()}?{mode}"
    return create_engine("sqlite://", creator=lambda: sqlite3.connect(uri, uri=True))


def _sqlite_settings(connection: object, _record: object) -> None:
    """Many processes share the file: write-ahead log, and wait rather than fail."""
    connection.isolation_level = None  # type: ignore[attr-defined]
    cursor = connection.cursor()  # type: ignore[attr-defined]
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA busy_timeout=60000")
    cursor.close()


def _migrate(made: Engine) -> None:
    """Bring the schema to `_HEAD`; alembic is loaded only where there is work."""
    with made.connect() as connection:
        known = inspect(connection).has_table("alembic_version")
        if known and connection.execute(text("select version_num from alembic_version")).scalar() == _HEAD:
            return
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    with made.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, _HEAD)
