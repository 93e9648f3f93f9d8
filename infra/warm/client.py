"""Hand a command over to the resident process of its lake home, where there is one."""

import os
import resource
import select
import signal
import socket
import sys
import time
from contextlib import suppress
from types import FrameType

from infra.warm import wire

COMMANDS = frozenset(
    {
        *("audit", "collect", "compare", "decide", "deliver", "erase", "marts", "pages", "purge", "recall"),
        *("receipts", "receive", "refine", "resolve", "steps", "sweep", "train", "trace", "upkeep", "verify"),
        *("warehouse", "why", "why-not"),
    }
)
"""What is handed over: short, often, or of every night, and without a dialogue."""
DIALOGUES = frozenset({"entity", "sql"})
"""What may ask back at a terminal, which a process of another session could not read from; handed over without one."""
_NO = frozenset({"0", "f", "false", "n", "no", "off"})
"""What the settings read as false."""
HANDSHAKE_SECONDS = 5.0
"""For a process that is hung; one that lives answers in a hundredth of it, on a machine that has time."""
_LAST_WORD_SECONDS = 1.0
_MOST = 64
"""Bytes of an answer."""


def handed_over() -> int | None:
    """The exit status of this process's command, if the resident process took it; None: it is still to be run.

    Where that was ended by a signal, this process is ended by the same.
    """
    is_wanted = os.environ.get("LAKE_WARM_STARTS", "").lower() not in _NO
    if len(sys.argv) < 2 or not is_wanted or not _is_handed_over(sys.argv[1]):
        return None
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as connection:
        connection.settimeout(HANDSHAKE_SECONDS)
        try:
            worker = _hand_over(connection)
        except (OSError, ValueError):
            return None
        return None if worker is None else _wait(connection, worker)


def _is_handed_over(command: str) -> bool:
    return command in COMMANDS or (command in DIALOGUES and not os.isatty(0))


def _hand_over(connection: socket.socket) -> int | None:
    """A handle of the process that runs the command, or None where nobody does."""
    _connect(connection)
    if not wire.is_of_this_user(connection) or connection.recv(_MOST) != wire.WELCOME:
        return None
    _say_hello(connection)
    said, _, number = connection.recv(_MOST).partition(b" ")
    if said != wire.READY:
        return None
    worker = os.pidfd_open(int(number))
    _pass_signals_on(worker)
    try:
        connection.send(wire.GO)
    except OSError:
        for each in wire.SIGNALS:
            signal.signal(each, signal.default_int_handler if each == signal.SIGINT else signal.SIG_DFL)
        raise
    connection.settimeout(None)
    return worker


def _connect(connection: socket.socket) -> None:
    home = os.open(os.environ.get("LAKE_HOME") or _default_home(), os.O_PATH | os.O_DIRECTORY)
    try:
        connection.connect(wire.address(home))
    finally:
        os.close(home)


def _default_home() -> str:
    return f"{wire.interpreter()[0]}/.lake"


def _say_hello(connection: socket.socket) -> None:
    here = os.open(".", os.O_PATH | os.O_DIRECTORY)
    request = os.memfd_create("lake-request")
    try:
        with os.fdopen(os.dup(request), "wb") as file:
            file.write(wire.request_of_this_process())
        socket.send_fds(connection, [wire.HELLO], [0, 1, 2, here, request])
    finally:
        os.close(here)
        os.close(request)


def _pass_signals_on(worker: int) -> None:
    """What ends this process from outside is for the one that works; and what stops it and lets it go on."""

    def pass_on(number: int, _frame: FrameType | None) -> None:
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(worker, number)

    def stop(_number: int, _frame: FrameType | None) -> None:
        pass_on(signal.SIGSTOP, None)
        os.kill(os.getpid(), signal.SIGSTOP)
        pass_on(signal.SIGCONT, None)

    for number in wire.SIGNALS:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, pass_on)
    signal.signal(signal.SIGTSTP, stop)


def _wait(connection: socket.socket, worker: int) -> int:
    """The exit status of the command."""
    poll = select.poll()
    poll.register(connection, select.POLLIN)
    poll.register(worker, select.POLLIN)
    ready = dict(poll.poll())
    if connection.fileno() not in ready:
        # It has ended, and who tells how may be a moment behind.
        connection.settimeout(_LAST_WORD_SECONDS)
    try:
        said, _, number = connection.recv(_MOST).partition(b" ")
    except TimeoutError:
        said, number = b"", b""
    if said == wire.EXIT:
        return int(number)
    select.select([worker], [], [])
    _end_by(int(number) if said == wire.KILLED else signal.SIGKILL)
    raise AssertionError("a process survived the signal that ends it")


def _end_by(number: int) -> None:
    """End as the command did, for whoever waits for this process."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if number not in {signal.SIGKILL, signal.SIGSTOP}:
        signal.signal(number, signal.SIG_DFL)
    os.kill(os.getpid(), number)
    time.sleep(_LAST_WORD_SECONDS)
