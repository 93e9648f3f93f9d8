"""What goes wrong with a REST source, and how it is told: in plain words, without its address."""

import socket
import ssl
from collections.abc import Iterator

import httpx2

from spark_jobs.base.errors import LakeError
from spark_jobs.intake.channels.rest.address import Address
from spark_jobs.intake.channels.rest.pinned import NotPinned


class Fault(Exception):  # noqa: N818  (told as a LakeError)
    """Something about a source's answer."""

    said = "its answer cannot be used"
    do = "ask its operator"


class Refused(Fault):
    """We are not let in."""

    said = "it does not let us in"
    do = "check user and password (or client and secret) in LAKE_SOURCES, and what the account may read there"


class Busy(Fault):
    """Too many requests, or a system that is not ready."""

    said = "it is busy, and asks to come back later"
    do = "nothing: the next run asks again; if it lasts, ask its operator for more requests a minute"

    def __init__(self, seconds: float | None = None) -> None:
        super().__init__()
        self.seconds = seconds
        """What it asked for; None: it did not say."""


class Failing(Fault):
    """The server fails, and says so."""

    do = "ask its operator to look at the server; the next run asks again"

    def __init__(self, status: int) -> None:
        super().__init__()
        self.said = f"the server fails (status {status})"


class Odd(Fault):
    """An answer that another attempt would not change."""

    def __init__(self, said: str, do: str) -> None:
        super().__init__(said)
        self.said, self.do = said, do


class Unreadable(Fault):
    """An answer that is no JSON, as it is when it was cut off."""

    said = "its answer is no JSON, or breaks off"
    do = "ask its operator to look at the server; the next run asks again"


class TooSlow(Fault):
    """An answer comes drop by drop."""

    said = "its answer does not come to an end in time"
    do = "ask for smaller pages in the contract (paging.rows), or set LAKE_SOURCE_STATEMENT_SECONDS higher"


class TooLarge(Fault):
    """A page is larger than is read at once."""

    said = "a page of it is larger than 16 MiB"
    do = "ask for smaller pages in the contract (paging.rows)"


_OF_STATUS = {
    404: ("there is nothing at the contract's path (status 404)", "compare path in the contract, and the URL's path"),
    400: ("it does not understand our request (status 400)", "compare the contract's parameters with the interface"),
    405: ("it does not take such a request (status 405)", "compare method in the contract with the interface"),
}


def of_status(status: int) -> Fault:
    """The fault that a status of HTTP tells, other than a refusal or too many requests."""
    if status in {408, 425} or status >= 500:
        return Failing(status)
    if 300 <= status < 400:
        return Odd(f"it sends us elsewhere (status {status})", "name the right URL in LAKE_SOURCES: none is followed")
    return Odd(*_OF_STATUS.get(status, (f"it answers with status {status}", "ask its operator what that means")))


def told(feed: str, at: Address, error: Exception) -> LakeError:
    """The error for whoever has to mend it."""
    said, do = _words(at, error)
    return LakeError(f"{feed}: the source {at.source}: {said}", do)


def _words(at: Address, error: Exception) -> tuple[str, str]:
    if isinstance(error, Fault):
        return error.said, error.do
    url = f"check that it is up, and its host and port in LAKE_SOURCES__{at.source.upper()}"
    later = (
        "LAKE_SOURCE_CONNECT_SECONDS and LAKE_SOURCE_STATEMENT_SECONDS say how long we wait; the next run asks again"
    )
    causes = list(_chain(error))
    if is_not_pinned(error):
        return (
            f"it does not show a certificate that is pinned in {at.certificate}",
            "ask its operator, by another way, for the fingerprint of the certificate; where it agrees with what "
            "`openssl s_client -connect HOST:PORT` shows, put that certificate into the file; else somebody may stand "
            "in between",
        )
    if any(isinstance(each, ssl.SSLError) for each in causes):
        return "it does not speak TLS as we do", f"{url}: https:// or http://"
    if any(isinstance(each, ConnectionRefusedError) for each in causes):
        return "it refuses the connection: nothing listens there", url
    if any(isinstance(each, socket.gaierror) for each in causes):
        return "its host has no address", url
    if isinstance(error, httpx2.ConnectTimeout):
        return "its host does not answer", f"{url}; {later}"
    if isinstance(error, httpx2.TimeoutException):
        return "it took the request and says nothing", f"ask its operator to look at the server; {later}"
    kind = type(error).__name__
    return f"the connection broke ({kind})", "ask its operator to look at the server; the next run asks again"


def is_not_pinned(error: BaseException) -> bool:
    """The server is not the one whose certificate is pinned, or the certificate is out of date."""
    return any(isinstance(each, NotPinned | ssl.SSLCertVerificationError) for each in _chain(error))


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
