"""The engine of the control database, migrated to the newest schema on first use."""

from functools import cache
from pathlib import Path

from sqlalchemy import Engine, create_engine, event, inspect, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from spark_jobs.base.errors import LakeError
from spark_jobs.base.settings import settings

_MIGRATIONS = Path(__file__).with_name("migrations")
_HEAD = "0004"


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
    return Session(engine(), expire_on_commit=False)


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
