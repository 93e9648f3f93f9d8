"""What a bureau's interface answers: a page of a table, in the form that the feed's contract expects."""

import base64
import json
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from expectations.contract.channels.rest import Rest
from expectations.contract.feed import Column, FeedContract
from spark_jobs.base.settings import CITY_TIME

_MOST_ROWS = 1_000
"""Of a page, whatever is asked for."""
_BOOLEANS = {"true": True, "false": False}


class Interface:
    """One feed's interface.

    Args:
        feed: its contract, from whose options it follows how it is asked and what it says.
        database: SQLite file with a table named as the feed's tables are.
    """

    def __init__(self, feed: FeedContract, database: Path) -> None:
        if not isinstance(feed.arrival, Rest):
            raise TypeError(f"{feed.id} does not arrive by REST")
        self.options: Rest = feed.arrival
        self._feed, self._database = feed, database

    def answer(self, given: Mapping[str, str], url: str) -> tuple[Any, str | None]:
        """The answer's document, and the URL of the next page where a header tells it.

        Args:
            given: parameters.
            url: of this interface.
        """
        rows, total = self._page(given)
        page = rows[: self._size(given)]
        follows = page[-1][0] if len(rows) > len(page) else None
        found = _nested(self.options.records.split("."), [self._record(row[1:]) for row in page])
        counted = getattr(self.options.paging, "total", None)
        if counted:
            _put(found, counted, total)
        link = self._next(found, follows, given, url)
        if self.options.answers:
            _put(found, self.options.answers.code, self.options.answers.good[0])
        return found, link

    def said(self, fault: str) -> Any | None:
        """The document that tells a fault, where the interface tells it so and not by its status."""
        answers = self.options.answers
        codes = {"busy": answers.busy, "expired": answers.expired}.get(fault, ()) if answers else ()
        if not answers or not codes:
            return None
        found: dict[str, Any] = {}
        _put(found, answers.code, codes[0])
        return found

    def _size(self, given: Mapping[str, str]) -> int:
        paging = self.options.paging
        if paging.by == "whole":
            return 1 << 40
        return min(int(given.get(paging.size or "", paging.rows)), _MOST_ROWS)

    def _page(self, given: Mapping[str, str]) -> tuple[list[tuple[Any, ...]], int]:
        """Rows with their numbers, one more than the page has, and how many rows there are in all."""
        where, values = self._where(given)
        behind, offset, size = self._behind(given), self._offset(given), self._size(given)
        columns = ", ".join(f'"{column.source}"' for column in self._feed.columns)
        table = f'from "{self._feed.table}" where {where}'
        with closing(sqlite3.connect(f"file:{self._database}?mode=ro", uri=True)) as database:
            (total,) = database.execute(f"select count(*) {table}", values).fetchone()
            query = f"select rowid, {columns} {table} and rowid > ? order by rowid limit ? offset ?"
            rows = database.execute(query, (*values, behind, size + 1, offset)).fetchall()
        return rows, total

    def _where(self, given: Mapping[str, str]) -> tuple[str, tuple[str, ...]]:
        """Rows of the time that is asked for; those whose time says nothing are always among them."""
        changed, column = self.options.changed, self.options.updated_at
        if changed is None or column is None:
            return "true", ()
        conditions, values = [], []
        for name, compare in ((changed.since, ">="), (changed.until, "<")):
            if name in given:
                conditions.append(f'"{column}" {compare} ?')
                values.append(_stamp(given[str(name)], changed.form))
        is_in = " and ".join(conditions) or "true"
        return f"""("{column}" is null or "{column}" not like '____-__-__%' or ({is_in}))""", tuple(values)

    def _offset(self, given: Mapping[str, str]) -> int:
        paging = self.options.paging
        match paging.by:
            case "page":
                return (int(given.get(paging.page, paging.first)) - paging.first) * self._size(given)
            case "offset":
                return int(given.get(paging.offset, 0))
            case _:
                return 0

    def _behind(self, given: Mapping[str, str]) -> int:
        cursor = given.get(getattr(self.options.paging, "cursor", "cursor"))
        return int(base64.urlsafe_b64decode(cursor)) if cursor else -1

    def _next(self, found: Any, follows: int | None, given: Mapping[str, str], url: str) -> str | None:
        paging = self.options.paging
        cursor = None if follows is None else base64.urlsafe_b64encode(str(follows).encode()).decode()
        if paging.by == "cursor":
            _put(found, paging.next, cursor)
        if paging.by != "link":
            return None
        others = "".join(f"&{name}={value}" for name, value in given.items() if name != "cursor")
        link = None if cursor is None else f"{url}?cursor={cursor}{others.replace(' ', '%20').replace('+', '%2B')}"
        if paging.next:
            _put(found, paging.next, link)
            return None
        return link

    def _record(self, values: tuple[str | None, ...]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for column, value in zip(self._feed.columns, values, strict=True):
            _put(found, column.source, None if value is None else _typed(column, value))
        return found


def _typed(column: Column, text: str) -> Any:
    """A value as such interfaces have it: numbers, truths and nested values where a text says just that."""
    if column.type == "string" and text[:1] in {"{", "["}:
        return _same(text, json.loads) if _is_compact(text) else text
    if column.type == "boolean":
        return _BOOLEANS.get(text, text)
    if column.type in {"integer", "decimal", "amount"}:
        is_whole = text.lstrip("-").isdecimal()
        return _same(text, int if is_whole else float)
    return text


def _same(text: str, read: Any) -> Any:
    """What is read from a text, where it is written as the text again."""
    try:
        value = read(text)
    except ValueError:
        return text
    return value if _json(value) == text else text


def _is_compact(text: str) -> bool:
    try:
        return _json(json.loads(text)) == text
    except ValueError:
        return False


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _stamp(text: str, form: str) -> str:
    match form:
        case "milliseconds":
            moment = datetime.fromtimestamp(int(text) / 1_000, UTC)
        case "rfc3339":
            moment = datetime.fromisoformat(text)
        case _:
            return text
    return moment.astimezone(CITY_TIME).strftime("%Y-%m-%d %H:%M:%S")


def _nested(steps: list[str], rows: list[dict[str, Any]]) -> Any:
    """The rows at an ijson prefix."""
    step, *rest = steps
    if step == "item":
        return [_nested(rest, rows)] if rest else rows
    return {step: _nested(rest, rows)}


def _put(found: Any, place: str, value: Any) -> None:
    """Put a value where keys with dots between them say."""
    *above, last = place.split(".")
    for key in above:
        found = found.setdefault(key, {})
    found[last] = value
