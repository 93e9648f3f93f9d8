"""A source that says nothing any more: its connection is cut, where its own limits do not hold as it stands still."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from os import dup
from threading import Event, Thread
from typing import Any

_LOOKS = 10
"""How often the watch looks within the time that it allows."""


class Heard:
    """Counts what came from the source; a watch sees whether it counts on."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self) -> None:
        """Something came."""
        self.count += 1


@contextmanager
def cut_when_silent(driver: Any, seconds: float) -> Iterator[Heard]:
    """Cut a driver's connection when nothing is heard for so long; what waits for it then gets the driver's error.

    Args:
        driver: a connection as the database's driver has it; one without a socket of its own is not watched.
        seconds: from one call of what is given until the next, and from the last one until the end.
    """
    heard, over = Heard(), Event()
    watch = Thread(target=_watch, args=(driver, seconds, heard, over), daemon=True)
    if hasattr(driver, "fileno"):
        watch.start()
    try:
        yield heard
    finally:
        over.set()


def _watch(driver: Any, seconds: float, heard: Heard, over: Event) -> None:
    before, looks = -1, 0
    while not over.wait(seconds / _LOOKS):
        looks = looks + 1 if heard.count == before else 0
        before = heard.count
        if looks >= _LOOKS:
            # The descriptor is doubled, as the driver closes its own.
            with socket.socket(fileno=dup(driver.fileno())) as wire:
                wire.shutdown(socket.SHUT_RDWR)
            return
