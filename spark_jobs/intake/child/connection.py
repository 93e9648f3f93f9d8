"""Servers that fork decoding processes: started when first needed, with nothing in their environment, and kept."""

import atexit
import json
import os
import pickle
import socket
import struct
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from spark_jobs.base.errors import LakeError
from spark_jobs.base.settings import PROJECT
from spark_jobs.intake.child.forked import Forked
from spark_jobs.intake.child.request import LENGTH, Request

SERVER = "spark_jobs.intake.child.server"
"""The module that is run."""

ENVIRONMENT = {
    "PYTHONPATH": str(PROJECT),
    "LANG": "C.UTF-8",
    # Arenas and threads that are reserved, not used, would count as memory.
    "MALLOC_ARENA_MAX": "2",
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    # What a chunk gave back, the next one takes: to hand it to the kernel and get it zeroed anew took a third of the
    # time of a large file of JSON lines (0.75 CPU-seconds to 0.50 for 200,000 rows).
    "MALLOC_TRIM_THRESHOLD_": str(1 << 30),
    "MALLOC_MMAP_THRESHOLD_": str(32 << 20),
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
}


NUMBER = struct.Struct("i")
"""What a server that was forked says first: its process."""
_PATIENCE_SECONDS = 5.0
_nursery: list[socket.socket] = []


def borrow_from(nursery: socket.socket) -> None:
    """Take servers from a nursery from now on, in this process and in those forked from it."""
    _nursery[:] = [nursery]


@dataclass(frozen=True)
class Death:
    """How a decoding process ended."""

    status: int
    """As `os.wait` has it."""
    peak_memory: int
    """Most that it had in use, in bytes, above what it started with."""


def answers(request: Request) -> Iterator[dict[str, Any] | Death]:
    """What a new process says of the request's deliveries, one by one, and last how it ended.

    Raises:
        LakeError: no process can be started.
    """
    server = _take()
    try:
        with server.start(request) as lines:
            for line in lines:
                if line.endswith(b"\n"):
                    yield json.loads(line)
        death = server.death()
    except BaseException:
        # The caller goes away, or the server has: what it forked is of no use to anybody.
        server.close()
        raise
    _idle.append(server)
    yield death


class _Server:
    """The parent's end of one server."""

    def __init__(self) -> None:
        self.owner = os.getpid()
        self._process: subprocess.Popen[bytes] | Forked
        self._socket, self._process = _forked() or _started()
        self._ends = self._socket.makefile("rb")

    def start(self, request: Request) -> BinaryIO:
        """The answers of a new process; they end when it does.

        Raises:
            OSError: the server is gone.
        """
        reading, writing = os.pipe()
        payload = pickle.dumps(request)
        try:
            socket.send_fds(self._socket, [LENGTH.pack(len(payload))], [writing])
            self._socket.sendall(payload)
        except OSError:
            os.close(reading)
            raise
        finally:
            os.close(writing)
        return os.fdopen(reading, "rb")

    def death(self) -> Death:
        """How the process has ended.

        Raises:
            LakeError: the server is gone.
        """
        line = self._ends.readline()
        if not line:
            raise LakeError("the process that starts decoders has ended", "run it again; see dmesg for its cause")
        return Death(*json.loads(line))

    @property
    def is_usable(self) -> bool:
        """It runs, and is ours: a forked process has its parent's list."""
        return self.owner == os.getpid() and self._process.poll() is None

    def close(self) -> None:
        """End it, and what it has forked."""
        self._ends.close()
        self._socket.close()
        if self.owner == os.getpid():
            self._process.wait()


def _started() -> tuple[socket.socket, subprocess.Popen[bytes]]:
    """A server that imports what it needs, and the socket to it."""
    ours, theirs = socket.socketpair()
    with theirs:
        process = subprocess.Popen(
            [sys.executable, "-s", "-P", "-m", SERVER],
            stdin=theirs.fileno(),
            stdout=subprocess.DEVNULL,
            env=ENVIRONMENT,
            cwd="/",
            start_new_session=True,
        )
    return ours, process


def _forked() -> tuple[socket.socket, Forked] | None:
    """A server of the nursery, and the socket to it; None where there is no nursery, or it does not answer."""
    if not _nursery:
        return None
    ours, theirs = socket.socketpair()
    try:
        with theirs:
            _nursery[0].settimeout(_PATIENCE_SECONDS)
            socket.send_fds(_nursery[0], [b"1"], [theirs.fileno()])
        ours.settimeout(_PATIENCE_SECONDS)
        process = Forked(*NUMBER.unpack(ours.recv(NUMBER.size)))
        ours.settimeout(None)
    except (OSError, struct.error):
        ours.close()
        return None
    return ours, process


_idle: list[_Server] = []


def _take() -> _Server:
    while _idle:
        server = _idle.pop()
        if server.is_usable:
            return server
        server.close()
    return _Server()


@atexit.register
def close_all() -> None:
    """End the servers that are kept."""
    while _idle:
        _idle.pop().close()
