"""How processes end: a child with the one that started it, and whoever is told to leave in good order."""

import ctypes
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from types import FrameType
from typing import Any

_PR_SET_PDEATHSIG = 1


def dies_with_its_parent(by: signal.Signals = signal.SIGKILL) -> Callable[[], None]:
    """What a child runs first (`preexec_fn`) so that it gets a signal when the process that starts it dies.

    However that dies: prctl(2), PR_SET_PDEATHSIG. To be made in the parent, whose thread must live as long.

    Args:
        by: the signal; SIGKILL for a child that has nothing to clear away.
    """
    return partial(_arm, ctypes.CDLL(None).prctl, os.getpid(), by)


def die_with(parent: int) -> None:
    """The same for a child that does it by itself, killed if it has another parent by now.

    For a parent that has spoken gRPC: with `preexec_fn` the child is forked, and gRPC's handlers of forks run in it.
    """
    _arm(ctypes.CDLL(None).prctl, parent, signal.SIGKILL)


def _arm(prctl: Any, parent: int, by: signal.Signals) -> None:
    prctl(_PR_SET_PDEATHSIG, by)
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGKILL)


@contextmanager
def leaving_in_order() -> Iterator[None]:
    """Ctrl-C and SIGTERM end the block as exceptions, once, so that what it has made is cleared away.

    SIGTERM is `SystemExit` with the status that a shell gives for it. A thread other than the first is never asked.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, _leave) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _leave(number: int, _frame: FrameType | None) -> None:
    # A second one, from an impatient user, would come in the middle of clearing away.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if number == signal.SIGINT:
        raise KeyboardInterrupt
    raise SystemExit(128 + number)
