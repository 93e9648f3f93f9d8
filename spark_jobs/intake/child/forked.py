"""A process that somebody else has forked, told by its number."""

import os
import select


class Forked:
    """As much of `subprocess.Popen` as is asked of a server of decoders.

    Args:
        number: of a process of this user that runs.
    """

    def __init__(self, number: int) -> None:
        self._handle = os.pidfd_open(number)

    def poll(self) -> int | None:
        """None while it runs."""
        return 0 if select.select([self._handle], [], [], 0)[0] else None

    def wait(self) -> int:
        """Return when it has ended."""
        select.select([self._handle], [], [])
        return 0

    def __del__(self) -> None:
        os.close(self._handle)
