"""Processor time of everything that a benchmark starts, also of what outlives its parent."""

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_CGROUP_1 = Path("/sys/fs/cgroup/cpuacct")
_CGROUP_2 = Path("/sys/fs/cgroup")


class Account:
    """A control group of its own for this process and all that it starts.

    Args:
        folder: of the group; None where none can be made: then only what has ended and was waited for is counted.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    def seconds(self) -> float:
        """CPU-seconds until now, user and system."""
        if self._folder is None:
            used = os.times()
            return used.user + used.system + used.children_user + used.children_system
        if (usage := self._folder / "cpuacct.usage").exists():
            return int(usage.read_text("ascii")) / 1e9
        first = (self._folder / "cpu.stat").read_text("ascii").split()
        return int(first[1]) / 1e6

    def processes(self) -> list[int]:
        """All that run in the group now; this process alone where there is none."""
        if self._folder is None:
            return [os.getpid()]
        return [int(each) for each in (self._folder / "cgroup.procs").read_text("ascii").split()]

    @property
    def is_complete(self) -> bool:
        """Everything is counted at any moment."""
        return self._folder is not None


@contextmanager
def account() -> Iterator[Account]:
    """Count from here on; the group stays as long as something runs in it."""
    root = _CGROUP_1 if _CGROUP_1.is_dir() else _CGROUP_2
    folder = root / f"bench-{uuid.uuid4().hex[:8]}"
    try:
        folder.mkdir()
        (folder / "cgroup.procs").write_text(str(os.getpid()), "ascii")
    except OSError:
        yield Account(None)
        return
    try:
        yield Account(folder)
    finally:
        (root / "cgroup.procs").write_text(str(os.getpid()), "ascii")
        if not (folder / "cgroup.procs").read_text("ascii").strip():
            folder.rmdir()
