"""Ports for the servers that tests start: one that nobody listens on, and that no other test process has been given."""

import fcntl
import os
import random
import tempfile
from pathlib import Path

from spark_jobs.base.ports import choices, is_free

_held: list[int] = []
"""Open locks of this process's ports, until it ends: a killed server's port stays its own until it comes back."""


def free_port() -> int:
    """A port of this process's own."""
    return free_ports(1)


def free_ports(count: int) -> int:
    """The first of some ports of this process's own that follow each other.

    Raises:
        OSError: there are none.
    """
    for first in random.sample(choices()[:-count], len(choices()) - count):
        if _reserve(range(first, first + count)):
            return first
    raise OSError(f"no {count} free ports in a row on loopback")


def _reserve(ports: range) -> bool:
    locks: list[int] = []
    for port in ports:
        lock = _lock(port)
        if lock is not None:
            locks.append(lock)
        if lock is None or not is_free(port):
            for held in locks:
                os.close(held)
            return False
    _held.extend(locks)
    return True


def _lock(port: int) -> int | None:
    """An open lock of a port; None where another process has it. It ends with the process, however that ends."""
    folder = Path(tempfile.gettempdir()) / f"lake-test-ports-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    opened = os.open(folder / str(port), os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(opened)
        return None
    return opened
