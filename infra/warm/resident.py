"""The resident process: `python -m infra.warm.resident`, with its lake home in `LAKE_HOME`.

It has one thread and no engine, and serves nobody but its own user. What it forks outlives it. It ends when it is told
to, when its socket is no longer the one in the home, and when its code is of yesterday: then it starts its successor.
"""

import gc
import os
import select
import signal
import socket
import sys
import traceback
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

from infra.warm import code, keeper, wire
from infra.warm.worker import NAME_OF_BUILDER, STALE, work
from spark_jobs.base.privacy import keep_private

_LOOK_SECONDS = 60
"""How often it looks whether its socket is still there."""
_MOST_WAITING = 64
_BUILDS_OF_ONE_WHO_BUILDS_AGAIN = 2


@dataclass
class _Worker:
    """A process that was forked."""

    number: int
    handle: int
    connection: socket.socket
    is_left: bool = False
    """Its command is gone, and it has been ended."""


@dataclass
class Resident:
    """What is served, and by whom.

    Args:
        home: descriptor of the lake home's folder.
    """

    home: int
    version: str = field(default_factory=code.version)
    set_by_imports: dict[str, str] = field(default_factory=code.load)
    workers: list[_Worker] = field(default_factory=list)
    is_stale: bool = False
    builds: int = 0
    """Commands of the warehouse that have ended."""

    def serve(self) -> None:
        """Fork for whoever connects, until there is a reason to end."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as door:
            mine = self._open(door)
            while self._is_mine(mine) and not self.is_stale:
                self._round(door)
            if self._is_mine(mine):
                Path(wire.address(self.home)).unlink()
        if self.is_stale:
            keeper.start()
        while self.workers:
            self._round(None)

    def _open(self, door: socket.socket) -> tuple[int, int]:
        """Bind the socket in place of an older one; returns which file it is."""
        path = Path(wire.address(self.home))
        path.unlink(missing_ok=True)
        door.bind(str(path))
        path.chmod(0o600)
        door.listen(_MOST_WAITING)
        return path.stat().st_dev, path.stat().st_ino

    def _is_mine(self, mine: tuple[int, int]) -> bool:
        with suppress(FileNotFoundError):
            seen = Path(wire.address(self.home)).stat()
            return (seen.st_dev, seen.st_ino) == mine
        return False

    def _round(self, door: socket.socket | None) -> None:
        poll = select.poll()
        if door is not None:
            poll.register(door, select.POLLIN)
        for worker in self.workers:
            poll.register(worker.handle, select.POLLIN)
            if not worker.is_left:
                # Only whether the other end is gone: what it says is not for this process.
                poll.register(worker.connection, 0)
        ready = {number for number, _ in poll.poll(_LOOK_SECONDS * 1000)}
        for worker in list(self.workers):
            if worker.handle in ready:
                self._reap(worker)
            elif worker.connection.fileno() in ready:
                self._end(worker)
        if door is not None and door.fileno() in ready:
            self._fork(door)

    def _fork(self, door: socket.socket) -> None:
        connection, _ = door.accept()
        if not wire.is_of_this_user(connection):
            connection.close()
            return
        number = os.fork()
        if not number:
            self._become_worker(door, connection)
        self.workers.append(_Worker(number, os.pidfd_open(number), connection))

    def _become_worker(self, door: socket.socket, connection: socket.socket) -> NoReturn:
        door.close()
        os.close(self.home)
        for other in self.workers:
            other.connection.close()
            os.close(other.handle)
        work(connection, self.version, self.set_by_imports)

    def _reap(self, worker: _Worker) -> None:
        """Tell the command how it ended, where the worker could not."""
        # What it was is asked of its name: who has said its last word may be killed before it ends (`_end`).
        name = Path(f"/proc/{worker.number}/comm").read_text("utf-8").strip()
        _, status = os.waitpid(worker.number, 0)
        if os.WIFSIGNALED(status):
            with suppress(OSError):
                worker.connection.send(wire.KILLED + b" %d" % os.WTERMSIG(status))
        worker.connection.close()
        os.close(worker.handle)
        self.workers.remove(worker)
        self.is_stale |= os.WIFEXITED(status) and os.WEXITSTATUS(status) == STALE
        if name == NAME_OF_BUILDER:
            self._prepare_for_the_next()

    def _prepare_for_the_next(self) -> None:
        """Have dbt ready from the second build on: a lake that is built once would pay for nothing.

        Who asks meanwhile waits for seconds, or runs by itself.
        """
        self.builds += 1
        if self.builds < _BUILDS_OF_ONE_WHO_BUILDS_AGAIN or self.is_stale:
            return
        try:
            code.load_for_warehouse(self.home)
        except Exception:
            # For example of a file that another build is just writing; all others start warm, and the next try may do.
            traceback.print_exc()
        gc.collect()
        gc.freeze()

    def _end(self, worker: _Worker) -> None:
        """A command that was killed ends, as if it had run in the process that was."""
        worker.is_left = True
        with suppress(ProcessLookupError):
            os.kill(worker.number, signal.SIGKILL)


def main() -> None:
    """Serve a lake home."""
    keep_private()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    home = os.open(os.environ["LAKE_HOME"], os.O_PATH | os.O_DIRECTORY)
    resident = Resident(home)
    strange = code.strange_threads()
    if strange:
        sys.exit(f"threads run that no command must share: {', '.join(strange)}")
    gc.collect()
    gc.freeze()
    resident.serve()


if __name__ == "__main__":
    main()
