"""Do something alone: a lease that is renewed in the background while a block runs."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from spark_jobs.base.errors import LakeError
from spark_jobs.base.settings import settings
from spark_jobs.control import lease
from spark_jobs.control.database import engine


class Exclusive:
    """The right to go on; ask before every step that others can see."""

    def __init__(self, held: lease.Held) -> None:
        self.held = held
        self.lost = threading.Event()

    def check(self) -> None:
        """Go on, or learn that another process has taken over.

        Raises:
            LakeError: the lease is lost: this process was paused or cut off for too long.
        """
        if self.lost.is_set() or not lease.renew(engine(), self.held, settings().lease_seconds):
            raise LakeError(
                f"this process lost {self.held.name} to another one",
                "nothing: the other process does the same work; this one wrote nothing more",
            )


@contextmanager
def exclusive(name: str, wait_seconds: float = 900) -> Iterator[Exclusive]:
    """Hold the lease `name` for the block, waiting for another holder to finish.

    Raises:
        lease.LeaseTaken: it is still held after `wait_seconds`; names the holder.
    """
    mine = Exclusive(_take(name, wait_seconds))
    stop = threading.Event()
    renewer = threading.Thread(target=_renew, args=(mine, stop), daemon=True)
    renewer.start()
    try:
        yield mine
    finally:
        stop.set()
        renewer.join()
        lease.release(engine(), mine.held)


def _take(name: str, wait_seconds: float) -> lease.Held:
    until = time.monotonic() + wait_seconds
    while True:
        try:
            return lease.take(engine(), name, settings().lease_seconds)
        except lease.LeaseTaken:
            if time.monotonic() >= until:
                raise
            time.sleep(0.5)


def _renew(mine: Exclusive, stop: threading.Event) -> None:
    seconds = settings().lease_seconds
    while not stop.wait(seconds / 4):
        if not lease.renew(engine(), mine.held, seconds):
            mine.lost.set()
            return
