"""All records of a question, page by page, and read again when they change meanwhile."""

import hashlib
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from expectations.contract.channels.rest import Rest
from spark_jobs.base.settings import settings
from spark_jobs.intake.canonical import Record, read_rows, write_rows
from spark_jobs.intake.channels.rest.documents import at, document, elements
from spark_jobs.intake.channels.rest.faults import Busy, Odd, Refused
from spark_jobs.intake.channels.rest.paging import Page, questions
from spark_jobs.intake.channels.rest.records import Records
from spark_jobs.intake.channels.rest.session import Answer, Question, Session

READINGS = 6
"""Until the source has stood still for one of them."""
REST_SECONDS = 1.0
"""Between two readings, and longer each time."""
_MASK = (1 << 128) - 1


@dataclass
class Reading:
    """What one reading of all pages saw; a few dozen bytes a key."""

    keys: set[bytes] = field(default_factory=set)
    count: int = 0
    sum: int = 0
    """Of the digests of all keys, in whatever order they came."""
    totals: set[int | None] = field(default_factory=set)
    came_twice: bool = False
    """A key of one page was on an earlier one, too."""

    def add(self, keys: list[bytes], total: int | None) -> None:
        """Note the keys of a page."""
        self.totals.add(total)
        self.came_twice |= not self.keys.isdisjoint(keys)
        self.keys.update(keys)
        self.count += len(keys)
        self.sum = (self.sum + sum(int.from_bytes(key) for key in keys)) & _MASK

    def is_whole(self) -> bool:
        """Nothing speaks against it that all records were read, each once, and the source says how many there are."""
        return self.totals == {self.count} and not self.came_twice

    def is_like(self, other: "Reading | None") -> bool:
        """Both saw the same keys as often."""
        return other is not None and (self.count, self.sum) == (other.count, other.sum)


class Source:
    """A contract's records at its source.

    Args:
        session: an open conversation.
        options: of the contract.
        records: makes rows of records.
        url: of the contract's path.
        below: see `questions`.
    """

    def __init__(self, session: Session, options: Rest, records: Records, url: str, below: str) -> None:
        self._session, self._options, self._records = session, options, records
        self._url, self._below = url, below

    def read(self, parameters: dict[str, str], aside: Path) -> Iterator[Record]:
        """All records, as one state of the source has them.

        Args:
            parameters: sent with every request beside those of the contract.
            aside: a local file that holds them until the source has stood still for one reading.

        Raises:
            Odd: it changes faster than it can be read, or is not what the contract says.
            Fault, httpx2.HTTPError: see Session.ask.
        """
        before: Reading | None = None
        for attempt in range(READINGS):
            if attempt:
                time.sleep(REST_SECONDS * attempt)
            now = Reading()
            write_rows(self._pages(parameters, now), aside)
            if self._is_settled(now, before):
                return read_rows(aside)
            before = now
        raise Odd(
            f"its records change faster than they can be read ({READINGS} times)",
            "pull at a quieter time, or larger pages, or ask the operator for paging by a cursor",
        )

    def first_page(self, parameters: dict[str, str]) -> list[Record]:
        """The records of one page alone."""
        asked = next(questions(self._options.paging, self._question(parameters), self._below))
        return [self._records.record(each) for each in self._session.ask(asked, self._page).records]

    def _is_settled(self, now: Reading, before: Reading | None) -> bool:
        # Cursors and links go on behind the last record, whatever comes or goes before it.
        is_placed = hasattr(self._options.paging, "total") and self._options.paging.by != "whole"
        return not is_placed or now.is_whole() or now.is_like(before)

    def _pages(self, parameters: dict[str, str], reading: Reading) -> Iterator[Record]:
        asking = questions(self._options.paging, self._question(parameters), self._below)
        last, received = b"", 0
        question = next(asking)
        while True:
            page = self._session.ask(question, self._page)
            rows = [self._records.record(each) for each in page.records]
            digest = _digest(rows)
            if rows and digest == last:
                raise Odd("it gives the same page again and again", "compare paging in the contract with the interface")
            last = digest
            reading.add([self._key(row) for row in rows], page.total)
            received += page.bytes
            if received > settings().delivery_bytes:
                raise Odd("it gives more than one delivery may hold", "set window_days in the contract")
            yield from rows
            try:
                question = asking.send(page)
            except StopIteration:
                return

    def _question(self, parameters: dict[str, str]) -> Question:
        return Question(self._url, self._options.parameters | parameters, self._options.method == "post")

    def _page(self, answer: Answer) -> Page:
        """What an answer says, once it says of itself that it is one."""
        found, paging = document(answer), self._options.paging
        self._judge(found)
        total = getattr(paging, "total", None)
        follows = getattr(paging, "next", None)
        return Page(
            elements(found, self._options.records),
            None if total is None else _number(at(found, total)),
            _text(at(found, follows)) if follows else answer.links.get("next"),
            len(answer.body),
        )

    def _judge(self, found: Any) -> None:
        answers = self._options.answers
        if answers is None:
            return
        code = str(at(found, answers.code))
        if code in answers.expired:
            raise Refused
        if code in answers.busy:
            raise Busy
        if code not in answers.good:
            shown = code if code.isascii() and code.isalnum() and len(code) <= 20 else "?"
            raise Odd(f"it says of itself that it failed (code {shown})", "ask its operator what that code means")

    def _key(self, row: Record) -> bytes:
        if isinstance(row, str):
            return _digest(row)
        return _digest([row.get(name) for name in self._options.key])


def _number(value: Any) -> int | None:
    """A total; None where the answer has none."""
    text = str(value)
    return int(text) if text.isdecimal() and text.isascii() and len(text) < 16 else None


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _digest(value: Any) -> bytes:
    return hashlib.blake2b(json.dumps(value).encode(), digest_size=16).digest()
