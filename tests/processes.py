"""Processes that tests start, kill and look for."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

from spark_jobs.control.lease import process_identity

PATIENCE_SECONDS = 120
"""After so long what was waited for does not come: a failure on any machine."""


def wait_until(holds: Callable[[], bool]) -> bool:
    """Whether something came to hold while there was patience."""
    until = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


def is_running(pid: int) -> bool:
    """There is such a process, and it has not ended."""
    return process_identity(pid) is not None


def children_of(pid: int) -> list[int]:
    """Processes that a process has started and that are there."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(stat.read_text("utf-8", "replace").rpartition(")")[2].split()[1])
        except OSError:
            continue
        if parent == pid:
            found.append(int(stat.parent.name))
    return found


def kill(pid: int) -> None:
    """End a process at once, if it is there."""
    if is_running(pid):
        os.kill(pid, signal.SIGKILL)
