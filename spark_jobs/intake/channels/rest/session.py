"""A conversation with a REST source: limits of time and size, attempts, tokens; its secrets are told to nobody."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from time import monotonic
from typing import Any, TypeVar

import httpx2
from tenacity import (
    RetryCallState,
    Retrying,
    retry_if_exception,
    stop_after_attempt,
    stop_after_delay,
    wait_exponential_jitter,
)

from spark_jobs.base.settings import settings
from spark_jobs.intake.channels.rest.address import Address
from spark_jobs.intake.channels.rest.faults import (
    Busy,
    Failing,
    Refused,
    TooLarge,
    TooSlow,
    Unreadable,
    is_not_pinned,
    of_status,
)
from spark_jobs.intake.channels.rest.pinned import pinned_context
from spark_jobs.intake.channels.rest.token import Tokens

ATTEMPTS = 5
"""Of one page; the next page has as many."""
MAX_PAGE_BYTES = 16 << 20
_PASSING = (Busy, Failing, Unreadable, TooSlow, httpx2.TransportError, httpx2.DecodingError)
_BACKOFF = wait_exponential_jitter(multiplier=0.5, max=30)

# What it asks for is in the URL: a cursor may hold a name.
logging.getLogger("httpx2").setLevel(logging.WARNING)


@dataclass(frozen=True)
class Answer:
    """What a source said."""

    body: bytes = field(repr=False)
    links: dict[str, str] = field(default_factory=dict, repr=False)
    """URL of each relation in its header `Link`."""


@dataclass(frozen=True)
class Question:
    """What is asked."""

    url: str
    parameters: dict[str, str]
    is_posted: bool = False
    """Parameters go as a JSON object, not in the URL."""


Given = TypeVar("Given")


class Session:
    """An open conversation; use it as made by `opened`."""

    def __init__(self, at: Address, client: httpx2.Client, attempts: int) -> None:
        self._client = client
        self._tokens = Tokens(at, self._token)
        self._attempts = attempts

    def ask(self, question: Question, read: Callable[[Answer], Given]) -> Given:
        """What is read from the answer to a question, after as many attempts as it takes and may take.

        Args:
            question: what is asked.
            read: raises what an answer says of itself: that it is busy, that the token expired, that it broke off.

        Raises:
            Fault, httpx2.HTTPError: no attempt gave an answer that can be used.
        """
        retrying = Retrying(
            retry=retry_if_exception(_is_passing),
            wait=_wait,
            stop=stop_after_attempt(self._attempts) | stop_after_delay(settings().source_statement_seconds),
            reraise=True,
        )
        given: Given = retrying(self._with_token, question, read)
        return given

    def _with_token(self, question: Question, read: Callable[[Answer], Given]) -> Given:
        """Ask; with a new token once more, should the one that we have be valid no longer."""
        try:
            return self._asked(question, read)
        except Refused:
            if not self._tokens.forget():
                raise
            return self._asked(question, read)

    def _asked(self, question: Question, read: Callable[[Answer], Given]) -> Given:
        return read(self._once(question, self._tokens.headers()))

    def _once(self, question: Question, headers: dict[str, str]) -> Answer:
        if question.is_posted:
            return self._sent("POST", question.url, headers, json=question.parameters)
        return self._sent("GET", question.url, headers, params=question.parameters or None)

    def _token(self, url: str, headers: dict[str, str], form: dict[str, str]) -> bytes:
        return self._sent("POST", url, headers, data=form).body

    def _sent(self, method: str, url: str, headers: dict[str, str], **content: Any) -> Answer:
        """The answer to one request; raises what its status says if that is not success."""
        with self._client.stream(method, url, headers=headers, **content) as response:
            _require_success(response)
            links = {name: link["url"] for name, link in response.links.items() if name and link.get("url")}
            return Answer(_content(response), links)


@contextmanager
def opened(at: Address, attempts: int = ATTEMPTS) -> Iterator[Session]:
    """A conversation that ends with the block.

    Raises:
        LakeError: the source's pinned certificates cannot be read.
    """
    limits = httpx2.Timeout(settings().source_statement_seconds, connect=settings().source_connect_seconds)
    verify = pinned_context(at.source, at.certificate) if at.certificate else False
    headers = {"Accept": "application/json", "Accept-Encoding": "gzip", "User-Agent": "xianning-lake"}
    with httpx2.Client(verify=verify, timeout=limits, headers=headers, trust_env=False) as client:
        yield Session(at, client, attempts)


def _require_success(response: httpx2.Response) -> None:
    status = response.status_code
    if status in {401, 403}:
        raise Refused
    if status == 429 or (status == 503 and "Retry-After" in response.headers):
        raise Busy(_retry_after(response))
    if not response.is_success:
        raise of_status(status)


def _retry_after(response: httpx2.Response) -> float | None:
    """Seconds until a source wants to be asked again: RFC 9110 section 10.2.3, a number or a date."""
    said = response.headers.get("Retry-After", "").strip()
    if said.isdecimal() and said.isascii():
        return float(said[:9])
    try:
        moment = parsedate_to_datetime(said)
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())


def _content(response: httpx2.Response) -> bytes:
    """The body, decompressed.

    Raises:
        TooLarge: it is larger than a page may be.
        TooSlow: it comes drop by drop.
    """
    over, parts, received = monotonic() + settings().source_statement_seconds, [], 0
    for part in response.iter_bytes():
        received += len(part)
        if received > MAX_PAGE_BYTES:
            raise TooLarge
        if monotonic() > over:
            raise TooSlow
        parts.append(part)
    return b"".join(parts)


def _is_passing(error: BaseException) -> bool:
    """Whether another attempt may do, and can be made in the time that a source has."""
    if isinstance(error, Busy) and (error.seconds or 0) > settings().source_statement_seconds:
        return False
    return isinstance(error, _PASSING) and not is_not_pinned(error)


def _wait(state: RetryCallState) -> float:
    """What the source asked for, and a little more so that not all come back at once; else more with each attempt."""
    error = state.outcome.exception() if state.outcome else None
    asked = error.seconds if isinstance(error, Busy) else None
    return float(_BACKOFF(state)) + (asked or 0.0)
