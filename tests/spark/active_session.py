"""The active session of a process, the first that was opened: PySpark gives it what a checkpoint has made."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from pyspark.sql import SparkSession


@contextmanager
def active_session(session: SparkSession | None) -> Iterator[None]:
    """Within the block this session is the active one; with None, the next that is opened."""
    from pyspark.sql.connect.session import SparkSession as ConnectSession

    active = ConnectSession._active_session
    before = getattr(active, "session", None)
    active.session = session
    try:
        yield
    finally:
        active.session = before


def no_active_session() -> AbstractContextManager[None]:
    """As it is for a job, whose process has no other session."""
    return active_session(None)
