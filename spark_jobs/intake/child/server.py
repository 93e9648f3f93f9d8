"""A process that has imported what decoders need and forks one that decodes for each request.

`python -m spark_jobs.intake.child.server`, its standard input being the socket of its parent: a length, a pickled
Request and the descriptor for answers come in; wait status and peak of memory go out once the forked process has ended.
It ends, and ends what it has forked, when its parent closes the socket or dies.
"""

import gc
import json
import os
import pickle
import resource
import select
import signal
import socket
import sys
from contextlib import suppress
from importlib.abc import MetaPathFinder
from pathlib import Path

import pyarrow as pa

from spark_jobs.base.privacy import keep_private
from spark_jobs.intake.child.request import LENGTH, Request
from spark_jobs.intake.child.worker import work

_ARROW_THREADS = 2
"""Decoding one delivery gains nothing from more, and each takes address space."""


def serve(parent: socket.socket) -> None:
    """Answer requests until the parent is gone."""
    while (received := _receive(parent)) is not None:
        payload, answers = received
        child = os.fork()
        if not child:
            parent.close()
            _work(payload, answers)
        os.close(answers)
        status, peak = _wait(child, parent)
        with suppress(BrokenPipeError):
            parent.sendall(json.dumps([status, peak]).encode("ascii") + b"\n")


def _receive(parent: socket.socket) -> tuple[bytes, int] | None:
    """The next request and the descriptor for its answers; None: the parent is gone."""
    head, descriptors, _, _ = socket.recv_fds(parent, LENGTH.size, 1)
    if not descriptors:
        return None
    missing, parts = LENGTH.unpack(head)[0], []
    while missing:
        part = parent.recv(min(missing, 1 << 20))
        if not part:
            return None
        parts.append(part)
        missing -= len(part)
    return b"".join(parts), descriptors[0]


def _work(payload: bytes, answers: int) -> None:
    status = 1
    try:
        request: Request = pickle.loads(payload)  # noqa: S301 - from our own parent
        with os.fdopen(answers, "wb") as file:
            work(request, file)
        status = 0
    finally:
        os._exit(status)


def _wait(child: int, parent: socket.socket) -> tuple[int, int]:
    """Wait status, and peak of memory in bytes above ours, of a child; it is ended if the parent goes first."""
    pidfd = os.pidfd_open(child)
    poll = select.poll()
    poll.register(pidfd, select.POLLIN)
    poll.register(parent, select.POLLHUP)
    if pidfd not in dict(poll.poll()):
        os.kill(child, signal.SIGKILL)
    os.close(pidfd)
    _, status, usage = os.wait4(child, 0)
    return status, usage.ru_maxrss * 1024 - _resident()


def _resident() -> int:
    """Bytes of memory that this process has in use, with which a forked one starts."""
    return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * resource.getpagesize()


class _WithoutPandas(MetaPathFinder):
    """PyArrow imports pandas at its first array, in every forked process anew; decoders have no use for it."""

    def find_spec(self, fullname: str, *_: object) -> None:
        """No module of that name, if it is pandas.

        Raises:
            ModuleNotFoundError: it is.
        """
        if fullname == "pandas":
            raise ModuleNotFoundError(name=fullname)


def prepare() -> None:
    """What a process does once that is to fork decoding ones."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.meta_path.insert(0, _WithoutPandas())
    pa.set_cpu_count(_ARROW_THREADS)
    pa.set_io_thread_count(1)


def main() -> None:
    """Serve whoever is at the other end of standard input."""
    keep_private()
    prepare()
    gc.freeze()
    with socket.socket(fileno=os.dup(0)) as parent:
        serve(parent)


if __name__ == "__main__":
    main()
