"""What goes wrong with a database, and how it is told: in plain words, without its address and without values."""

import socket

from sqlalchemy import URL
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, NoSuchTableError, SQLAlchemyError

from spark_jobs.base.errors import LakeError
from spark_jobs.base.settings import settings

_PORTS = {"postgresql": 5432, "mysql": 3306, "mariadb": 3306}
_REFUSED = {"28P01", "28000", 1044, 1045, 1130, 1698}
"""Of user, password or host: SQLSTATE class 28 of PostgreSQL, error numbers of MariaDB and MySQL."""
_NO_DATABASE = {"3D000", 1049}
_FORBIDDEN = {"42501", 1142, 1143}
_LATER = (
    "LAKE_SOURCE_CONNECT_SECONDS and LAKE_SOURCE_STATEMENT_SECONDS say how long we wait; "
    "the next run reads the same window"
)


class Missing(Exception):  # noqa: N818  (told as a LakeError)
    """Columns of the contract that the table does not have."""


def told(feed: str, source: str, table: str, error: Exception, address: URL | None = None) -> LakeError:
    """The error for whoever has to mend it.

    Args:
        feed: whose pull it was.
        source: its name in LAKE_SOURCES.
        table: of the contract.
        error: what was raised.
        address: tried once, whether anything listens there at all.
    """
    said, do = _words(source, table, error) or _of_host(source, address) or _of_the_rest(source, error)
    return LakeError(f"{feed}: the source {source}: {said}", do)


def _words(source: str, table: str, error: Exception) -> tuple[str, str] | None:
    variable = f"LAKE_SOURCES__{source.upper()}"
    match error:
        case ImportError() | NoSuchModuleError():
            return "there is no driver for such a database here", f"install it, or name another in {variable}"
        case ArgumentError():
            return (
                "its URL cannot be used",
                f"set {variable} to a SQLAlchemy URL, dialect+driver://user:password@host/name",
            )
        case NoSuchTableError():
            return (
                f"it has no table {table}, or does not show it to us",
                "compare table in the contract with the source",
            )
        case Missing():
            return f"its table {table} has no column {error}", "compare the contract's columns with the source"
    codes, text = _codes(error), str(getattr(error, "orig", ""))
    if codes & _NO_DATABASE or ("database" in text and "does not exist" in text):
        return "it has no database of that name", f"check the name behind the host in {variable}"
    if codes & _REFUSED or "password authentication failed" in text or "no pg_hba.conf entry" in text:
        return "it does not let us in", f"check user and password in {variable}, and the account at the server"
    if codes & _FORBIDDEN:
        return f"the account may not read {table}", "ask its operator for the right to select"
    return None


def _of_host(source: str, address: URL | None) -> tuple[str, str] | None:
    """What a plain connection to the host shows; None: somebody listens, or it cannot be asked so."""
    port = address and (address.port or _PORTS.get(address.get_backend_name()))
    if not address or not port or not address.host:
        return None
    check = f"check that it is up, and its host and port in LAKE_SOURCES__{source.upper()}"
    try:
        socket.create_connection((address.host, port), settings().source_connect_seconds).close()
    except ConnectionRefusedError:
        return "it refuses the connection: nothing listens there", check
    except socket.gaierror:
        return "its host has no address", check
    except TimeoutError:
        return "its host does not answer", f"{check}; {_LATER}"
    except OSError as error:
        return f"it cannot be reached ({type(error).__name__})", check
    return None


def _of_the_rest(source: str, error: Exception) -> tuple[str, str]:
    if "timeout" in _kind(error).lower() or "timed out" in str(getattr(error, "orig", "")):
        return "it does not answer in time", f"ask its operator to look at the server; {_LATER}"
    return (
        f"it cannot be read: {_kind(error)}",
        f"check that it is up, and user, password and name in LAKE_SOURCES__{source.upper()}; {_LATER}",
    )


def _codes(error: Exception) -> set[object]:
    """The driver's codes of what happened: SQLSTATE, and a number where it has one."""
    original = getattr(error, "orig", None)
    return {getattr(original, "sqlstate", None), *getattr(original, "args", ())[:1]}


def _kind(error: Exception) -> str:
    """What kind of error it is; never its text, which may hold values or the URL."""
    original = getattr(error, "orig", None) if isinstance(error, SQLAlchemyError) else None
    return type(error).__name__ if original is None else f"{type(error).__name__} ({type(original).__name__})"
