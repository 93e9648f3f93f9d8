"""Bureau systems that we read: where each is, from the settings and never from a contract."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar
from urllib.parse import SplitResult, urlsplit

from pydantic import SecretStr

from spark_jobs.base.errors import LakeError
from spark_jobs.base.secret_files import write_secret
from spark_jobs.base.settings import settings

T = TypeVar("T")


def source_url(connection: str, form: str) -> SecretStr:
    """The URL of a source.

    Args:
        connection: its name in LAKE_SOURCES.
        form: what kind of URL it must be, for whoever has to set it.

    Raises:
        LakeError: it is not configured.
    """
    url = settings().sources.get(connection)
    if url is None and _offer(connection).is_file():
        url = SecretStr(_offer(connection).read_text("utf-8"))
    if url is None:
        raise LakeError(
            f"the source {connection} is not configured", f"set LAKE_SOURCES__{connection.upper()} to its {form}"
        )
    return url


def read_url(source: str, form: str, read: Callable[[SplitResult], T]) -> T:
    """What a channel reads from the URL of a source.

    Args:
        source: its name in LAKE_SOURCES.
        form: what kind of URL it must be.
        read: takes the URL apart; it raises ValueError where the URL says too little or what is not understood.

    Raises:
        LakeError: the source is not configured, or `read` refused its URL.
    """
    try:
        return read(urlsplit(source_url(source, form).get_secret_value()))
    except ValueError as error:
        # Without its cause: that may quote the URL.
        raise LakeError(
            f"the source {source} has a URL that cannot be used: {error}",
            f"set LAKE_SOURCES__{source.upper()} to its {form}",
        ) from None


@contextmanager
def offered(connection: str, url: str) -> Iterator[None]:
    """While the block runs, every process of this lake home finds a source that the settings do not name."""
    write_secret(_offer(connection), url)
    try:
        yield
    finally:
        _offer(connection).unlink(missing_ok=True)


def _offer(connection: str) -> Path:
    return settings().home / "secrets" / f"offered_{connection}.url"
