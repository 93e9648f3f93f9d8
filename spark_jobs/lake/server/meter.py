"""What a job costs: seconds, CPU-seconds and peak memory of this process and of the engine, shuffle and spill."""

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from pyspark.sql import DataFrame

from spark_jobs.base.settings import settings
from spark_jobs.lake.server import lifecycle as server

_LOOK_SECONDS = 0.25
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Meter:
    """Counts from the moment it is made.

    Args:
        stages: wall seconds by stage.
        cpu_by_stage: CPU-seconds by stage, of this process and the engine.
        engine: the engine's process; the lake server's by default.
    """

    stages: dict[str, float] = field(default_factory=dict)
    cpu_by_stage: dict[str, float] = field(default_factory=dict)
    engine: int | None = None
    _began: float = field(default_factory=time.monotonic)
    _cpu: dict[int, float] = field(default_factory=dict)
    _stopped: dict[str, float | int] | None = None
    _files: "LocalFiles" = field(default_factory=lambda: LocalFiles(settings().home / "spark-local"))

    def __post_init__(self) -> None:
        """Note what the processes have used so far, and let their peaks begin anew."""
        for pid in self._processes():
            self._cpu[pid] = cpu_seconds(pid)
            forget_peak(pid)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Add the time of the block to a stage."""
        began, used = time.monotonic(), self._cpu_used()
        try:
            yield
        finally:
            self.stages[name] = round(self.stages.get(name, 0.0) + time.monotonic() - began, 3)
            self.cpu_by_stage[name] = round(self.cpu_by_stage.get(name, 0.0) + self._cpu_used() - used, 2)

    def note(self, _rows: DataFrame) -> None:
        """Look at the shuffle files now, before they are gone: of writes, Spark Connect says nothing."""
        self._files.look()

    def stop(self) -> None:
        """Keep the time and memory used so far: what follows is not part of the job."""
        self._stopped = self._used()
        self._files.end()

    def close(self) -> None:
        """Watch no more, also where the job failed."""
        self._files.end()

    def figures(self) -> dict[str, float | int | dict[str, float]]:
        """All figures until `stop`, or so far, by the names that reports use."""
        self._files.end()
        return {
            **(self._stopped or self._used()),
            "shuffle_bytes": self._files.bytes_of("shuffle_"),
            "spill_bytes": self._files.bytes_of("temp_local_"),
            "stages": self.stages,
            "cpu_by_stage": self.cpu_by_stage,
        }

    def _used(self) -> dict[str, float | int]:
        return {
            "seconds": round(time.monotonic() - self._began, 3),
            "cpu_seconds": round(self._cpu_used(), 2),
            "peak_memory_bytes": sum(peak_memory(pid) for pid in self._processes()),
        }

    def _cpu_used(self) -> float:
        return sum(cpu_seconds(pid) - self._cpu.get(pid, 0.0) for pid in self._processes())

    def _processes(self) -> list[int]:
        if self.engine is not None:
            return [os.getpid(), self.engine]
        found = server.running(settings())
        return [os.getpid(), *([found.jvm_pid] if found else [])]


class LocalFiles:
    """The shuffle and spill files of a lake server on this machine, watched while they last.

    A server removes the files of a query with the query, so they are looked at several times a second; what others do
    on the same server in the meantime counts too.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._sizes: dict[str, int] = {}
        self.look()
        self._before = set(self._sizes)
        self._is_over = threading.Event()
        threading.Thread(target=self._watch, daemon=True).start()

    def _watch(self) -> None:
        while not self._is_over.wait(_LOOK_SECONDS):
            self.look()

    def look(self) -> None:
        """Note the sizes of all files that are there."""
        for path in self._folder.glob("blockmgr-*/*/*"):
            if path.suffix == ".data" or path.name.startswith("temp_local_"):
                # A file may go between the two calls.
                with suppress(FileNotFoundError):
                    self._sizes[path.name] = max(path.stat().st_size, self._sizes.get(path.name, 0))

    def end(self) -> None:
        """Look no more."""
        self._is_over.set()

    def bytes_of(self, beginning: str) -> int:
        """Bytes of all files that came up since, whose name begins so."""
        new = [
            size for name, size in dict(self._sizes).items() if name.startswith(beginning) and name not in self._before
        ]
        return sum(new)


def cpu_seconds(pid: int) -> float:
    """User and system time of a process so far."""
    parts = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(parts[11]) + int(parts[12])) / _TICKS


def peak_memory(pid: int) -> int:
    """Greatest resident size of a process since `forget_peak`, in bytes."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))


def forget_peak(pid: int) -> None:
    """Let the peak of a process begin at its present size."""
    try:
        Path(f"/proc/{pid}/clear_refs").write_text("5")
    except PermissionError:
        # Somebody else's process: its peak then counts from its start, which is more, not less.
        return
