"""How one page leads to the next, by the kind of paging that a contract names."""

from collections.abc import Callable, Generator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urljoin

from expectations.contract.channels.rest import AtOnce, ByCursor, ByLink, ByOffset, ByPage, Paging
from spark_jobs.intake.channels.rest.faults import Odd
from spark_jobs.intake.channels.rest.session import Question

_COMPARE = "compare paging in the contract with the interface"


@dataclass(frozen=True)
class Page:
    """What paging needs to know of an answer."""

    records: list[Any]
    total: int | None = None
    next: str | None = None
    """Cursor or URL of the next page."""
    bytes: int = 0


Questions = Generator[Question, Page, None]
"""Gives a question, is sent the page that answered it, and gives the next; ends behind the last page."""


def questions(paging: Paging, first: Question, below: str) -> Questions:
    """The questions whose answers hold all records.

    Args:
        paging: of the contract.
        first: what is asked, but for the page.
        below: URL below which everything is that the source may send us to.
    """
    sized = _with(first, {paging.size: str(paging.rows)}) if paging.size else first
    return _PAGERS[paging.by](paging, sized, below)


def _by_page(paging: ByPage, first: Question, below: str) -> Questions:
    number, read = paging.first, 0
    while True:
        page = yield _with(first, {paging.page: str(number)})
        number, read = number + 1, read + len(page.records)
        if _is_last(page, read):
            return


def _by_offset(paging: ByOffset, first: Question, below: str) -> Questions:
    read = 0
    while True:
        page = yield _with(first, {paging.offset: str(read)})
        read += len(page.records)
        if _is_last(page, read):
            return


def _by_cursor(paging: ByCursor, first: Question, below: str) -> Questions:
    page = yield first
    cursor = page.next
    while cursor:
        page = yield _with(first, {paging.cursor: cursor})
        if page.next == cursor:
            raise Odd("its cursor leads to itself", _COMPARE)
        cursor = page.next


def _by_link(paging: ByLink, first: Question, below: str) -> Questions:
    page, here = (yield first), first.url
    while page.next:
        there = urljoin(here, page.next)
        if there == here:
            raise Odd("its link to the next page leads to itself", _COMPARE)
        if there != below and not there.startswith((f"{below}/", f"{below}?")):
            raise Odd("its link to the next page leads elsewhere, where our token has no business", _COMPARE)
        page, here = (yield replace(first, url=there, parameters={})), there


def _at_once(paging: AtOnce, first: Question, below: str) -> Questions:
    yield first


_PAGERS: dict[str, Callable[[Any, Question, str], Questions]] = {
    "page": _by_page,
    "offset": _by_offset,
    "cursor": _by_cursor,
    "link": _by_link,
    "whole": _at_once,
}


def _is_last(page: Page, read: int) -> bool:
    # A page that is not full is no sign of the end: the interface may give fewer than it was asked for.
    return not page.records or (page.total is not None and read >= page.total)


def _with(question: Question, more: dict[str, str]) -> Question:
    return replace(question, parameters=question.parameters | more)
