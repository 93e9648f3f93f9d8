"""Database values as text: whatever a column holds, so that no value ends a pull."""

import json
import re
from collections.abc import Callable
from datetime import datetime, time
from decimal import Decimal
from typing import Any

from sqlalchemy import CHAR, Boolean, ColumnElement, DateTime, Integer, LargeBinary, Text, Time, cast, func, type_coerce
from sqlalchemy.sql.schema import Column
from sqlalchemy.types import NullType

from expectations.contract.feed import Column as ContractColumn
from spark_jobs.base.settings import CITY_TIME

Selected = tuple[ColumnElement[Any], Callable[[Any], str | None]]
"""What is asked of the source for a column, and how a value of the answer becomes text."""

_ANY_CHARSET = "SQL_ASCII"
"""The encoding of a PostgreSQL that takes any bytes for text."""
_FRACTION = re.compile(r"(?<=\d{2}:\d{2}:\d{2})\.\d+")


def selected(column: Column[Any], to: ContractColumn, dialect: str, encoding: str | None) -> Selected:
    """How a column is read.

    Args:
        column: of the source.
        to: of the contract; a time of the source loses its fraction where the contract has a time, for formats end
            with the second.
        dialect: SQLAlchemy's name of the kind of database.
        encoding: in which a PostgreSQL keeps text.
    """
    asked = _as_postgresql_text(column, encoding) if dialect == "postgresql" else type_coerce(column, NullType())
    if dialect in {"mysql", "mariadb"} and isinstance(column.type, Time):
        # The driver has a span of time for it, which is written otherwise.
        asked = cast(column, CHAR)
    to_text = _decoded_text if encoding == _ANY_CHARSET else text_of
    if isinstance(column.type, DateTime) and to.type == "timestamp":
        return asked, lambda value: None if value is None else _FRACTION.sub("", str(to_text(value)))
    return asked, to_text


def text_of(value: object) -> str | None:
    r"""A database value as text; None where there is none.

    Bytes are `\x` and hexadecimal digits, as PostgreSQL writes them. Text that is not in its encoding was decoded with
    halves of surrogate pairs in the place of such bytes, which makes its row a defective one.
    """
    match value:
        case None | str():
            return value
        case bool():
            return "1" if value else "0"
        case datetime():
            local = value.astimezone(CITY_TIME).replace(tzinfo=None) if value.tzinfo else value
            return local.isoformat(" ")
        case time():
            return value.isoformat()
        case Decimal():
            return format(value, "f")
        case bytes() | bytearray() | memoryview():
            return f"\\x{bytes(value).hex()}"
        case dict() | list():
            return json.dumps(value, ensure_ascii=False, default=str)
        case _:
            return str(value)


def decoded(raw: bytes) -> str:
    """Text that should be UTF-8."""
    return raw.decode("utf-8", "surrogateescape")


def _decoded_text(value: object) -> str | None:
    return decoded(bytes(value)) if isinstance(value, bytes | memoryview) else text_of(value)


def _as_postgresql_text(column: Column[Any], encoding: str | None) -> ColumnElement[Any]:
    """The server's own text: it has one for infinity, for years before Christ, for every type that Python has not."""
    if isinstance(column.type, Boolean):
        return cast(cast(column, Integer), Text)
    if isinstance(column.type, DateTime) and column.type.timezone:
        return cast(func.timezone(str(CITY_TIME), column), Text)
    if encoding == _ANY_CHARSET:
        # The server would refuse to send as UTF-8 what is not.
        return func.convert_to(cast(column, Text), _ANY_CHARSET, type_=LargeBinary)
    return cast(column, Text)
