"""SQL texts of specs as expressions that every engine reads."""

import re

from pyspark.sql import Column
from pyspark.sql import functions as F

_DATE = re.compile(r"\btry_to_date\s*\(", re.IGNORECASE)
_PART = re.compile(r"'(?:[^'\\]|\\.|'')*'|\"(?:[^\"\\]|\\.|\"\")*\"|`[^`]*`|[()]|[^'\"`()]+|.", re.DOTALL)
"""A text or a name in quotes, a bracket, or what is between."""


def expression(sql: str) -> Column:
    """The expression of an SQL text of a spec; `try_to_date`, which Sail 0.7.2 does not have, in other words."""
    return F.expr(without_try_to_date(sql))


def without_try_to_date(sql: str) -> str:
    """The SQL with a cast of `try_to_timestamp` in place of every `try_to_date`."""
    found = _outside_quotes(sql)
    if found is None:
        return sql
    begin, arguments = found
    depth, end = 1, arguments
    for part in _PART.finditer(sql, arguments):
        depth += {"(": 1, ")": -1}.get(part[0], 0)
        if depth == 0:
            end = part.start()
            break
    else:
        return sql
    inner, rest = (without_try_to_date(text) for text in (sql[arguments:end], sql[end + 1 :]))
    return f"{sql[:begin]}cast(try_to_timestamp({inner}) as date){rest}"


def _outside_quotes(sql: str) -> tuple[int, int] | None:
    """Where the first call of `try_to_date` begins, and its arguments."""
    for call in _DATE.finditer(sql):
        quotes = [part for part in _PART.finditer(sql) if part[0][0] in "'\"`" and len(part[0]) > 1]
        if not any(part.start() < call.start() < part.end() for part in quotes):
            return call.start(), call.end()
    return None
