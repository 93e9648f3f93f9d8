"""A conversation with an SFTP server: host key pinned, time limited, tried again where another attempt may do."""

import asyncio
import socket
import time
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import asyncssh
from tenacity import RetryCallState, Retrying, retry_if_exception_type, wait_exponential_jitter

from spark_jobs.base.errors import LakeError
from spark_jobs.base.settings import settings
from spark_jobs.intake.channels.sftp.address import Address

ATTEMPTS = 4
Given = TypeVar("Given")
Act = Callable[[asyncssh.SFTPClient], Awaitable[Given]]


class Unreachable(Exception):  # noqa: N818  (told as a LakeError)
    """No connection to the host."""


_PASSING = (
    Unreachable,
    TimeoutError,
    ConnectionError,
    asyncssh.ConnectionLost,
    asyncssh.ServiceNotAvailable,
    asyncssh.ChannelOpenError,
    asyncssh.SFTPConnectionLost,
    asyncssh.SFTPNoConnection,
)


def talk(
    feed: str, at: Address, act: Act[Given], attempts: int = ATTEMPTS, done: Callable[[], object] = lambda: None
) -> Given:
    """What `act` gives on an open connection; after a lost one it is done again.

    Errors of SFTP itself, and those of our own disk, are for the caller.

    Args:
        feed: for whom.
        at: the server.
        act: what is done; it may go on where it was.
        attempts: how many connections in a row may be lost without anything more being done.
        done: how far it is.

    Raises:
        LakeError: the server cannot be reached, is not the one that is pinned, or does not let us in.
    """
    retrying = Retrying(
        retry=retry_if_exception_type(_PASSING),
        wait=wait_exponential_jitter(multiplier=0.5, max=10),
        stop=_stop_at_standstill(attempts, settings().source_statement_seconds, done),
        reraise=True,
    )
    try:
        return retrying(lambda: asyncio.run(_once(at, act)))
    except (asyncssh.HostKeyNotVerifiable, asyncssh.KeyExchangeFailed) as error:
        raise LakeError(
            f"{feed}: the source {at.source} does not show a host key that is pinned in {at.known_hosts}",
            "ask its operator, by another way, for the fingerprint of the host key; where it agrees with that of "
            "ssh-keyscan, put the line that ssh-keyscan prints into the file; else somebody may stand in between",
        ) from error
    except asyncssh.PermissionDenied as error:
        raise LakeError(
            f"{feed}: the source {at.source} does not let us in",
            f"check user, and key or password, in LAKE_SOURCES__{at.source.upper()}, and the account at the server",
        ) from error
    except (*_PASSING, asyncssh.DisconnectError) as error:
        raise LakeError(
            f"{feed}: the source {at.source} cannot be reached, or the connection broke: {_words(error)}",
            "check that it is up, that LAKE_SOURCES has the right URL, and that LAKE_SOURCE_CONNECT_SECONDS and "
            "LAKE_SOURCE_STATEMENT_SECONDS leave it time; the next run does it again",
        ) from error


def _stop_at_standstill(attempts: int, seconds: float, done: Callable[[], object]) -> Callable[[RetryCallState], bool]:
    """Whether to give up: so many attempts, or so long, without anything more being done."""
    far, number, since = done(), 0, time.monotonic()

    def stop(state: RetryCallState) -> bool:
        nonlocal far, number, since
        if done() != far:
            far, number, since = done(), state.attempt_number, time.monotonic()
        return state.attempt_number - number >= attempts or time.monotonic() - since >= seconds

    return stop


async def soon(step: Awaitable[Given]) -> Given:
    """The result of one step.

    Raises:
        TimeoutError: the server is silent for longer than LAKE_SOURCE_STATEMENT_SECONDS.
    """
    async with asyncio.timeout(settings().source_statement_seconds):
        return await step


def _without_what_broke(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Of a conversation that broke asyncssh leaves answers for which nobody waits; asyncio would print each."""
    if not isinstance(context.get("exception"), _PASSING):
        loop.default_exception_handler(context)


async def _once(at: Address, act: Act[Given]) -> Given:
    asyncio.get_running_loop().set_exception_handler(_without_what_broke)
    connection = await _connected(at)
    try:
        return await act(await soon(connection.start_sftp_client()))
    finally:
        connection.close()
        await connection.wait_closed()


async def _connected(at: Address) -> asyncssh.SSHClientConnection:
    """A connection that asks nobody else: no agent, no configuration and no keys of the user's own."""
    pinned, key, limit = _pinned(at), _key(at), settings().source_connect_seconds
    try:
        return await asyncssh.connect(
            at.host,
            at.port,
            username=at.user,
            password=at.password.get_secret_value() if at.password else None,
            client_keys=[key] if key else None,
            known_hosts=pinned,
            config=None,
            agent_path=None,
            gss_host=None,
            connect_timeout=limit,
            login_timeout=limit,
            keepalive_interval=limit,
            keepalive_count_max=3,
        )
    except OSError as error:
        raise Unreachable from error


def _pinned(at: Address) -> asyncssh.SSHKnownHosts:
    try:
        return asyncssh.read_known_hosts(str(at.known_hosts))
    except (OSError, ValueError) as error:
        raise LakeError(
            f"the source {at.source} has no readable file of pinned host keys at {at.known_hosts}",
            "ask its operator for the host key and write it there as a line of known_hosts, or name another file in "
            f"the query of LAKE_SOURCES__{at.source.upper()}: known_hosts=/path",
        ) from error


def _key(at: Address) -> asyncssh.SSHKey | None:
    if at.key is None:
        return None
    try:
        return asyncssh.read_private_key(at.key)
    except (OSError, asyncssh.KeyImportError) as error:
        raise LakeError(
            f"the source {at.source} has no readable private key at {at.key}",
            "put a private key without a passphrase there, readable by the lake's user alone",
        ) from error


def _words(error: BaseException) -> str:
    """What happened; never the error's text, which may hold names of the host and the user."""
    cause = error.__cause__ if isinstance(error, Unreachable) else error
    match cause:
        case ConnectionRefusedError():
            return "it refuses the connection, nothing listens there"
        case socket.gaierror():
            return "its host has no address"
        case TimeoutError():
            return "it does not answer in time"
        case _:
            return type(cause).__name__
