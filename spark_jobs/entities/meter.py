"""What a job costs: seconds, CPU-seconds and peak memory of this process and of the lake server, shuffle and spill."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from pyspark.sql import DataFrame

from spark_jobs.lake import server
from spark_jobs.lake.settings import settings

_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Meter:
    """Counts from the moment it is made.

    Args:
        stages: wall seconds by stage.
        shuffle_bytes: written to shuffle files.
        spill_bytes: spilled to disk beyond that.
    """

    stages: dict[str, float] = field(default_factory=dict)
    shuffle_bytes: int = 0
    spill_bytes: int = 0
    _began: float = field(default_factory=time.monotonic)
    _cpu: dict[int, float] = field(default_factory=dict)
    _stopped: dict[str, float | int] | None = None

    def __post_init__(self) -> None:
        """Note what the processes have used so far, and let their peaks begin anew."""
        for pid in self._processes():
            self._cpu[pid] = cpu_seconds(pid)
            forget_peak(pid)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Add the time of the block to a stage."""
        began = time.monotonic()
        try:
            yield
        finally:
            self.stages[name] = round(self.stages.get(name, 0.0) + time.monotonic() - began, 3)

    def note(self, rows: DataFrame) -> None:
        """Add what the last action on these rows shuffled and spilled."""
        info = rows.executionInfo
        for node in info.metrics._metrics if info and info.metrics else ():
            for metric in node.metrics:
                if metric.name == "shuffleBytesWritten":
                    self.shuffle_bytes += int(metric.value)
                elif metric.name == "spillSize":
                    self.spill_bytes += int(metric.value)

    def stop(self) -> None:
        """Keep the time and memory used so far: what follows is not part of the job."""
        self._stopped = self._used()

    def figures(self) -> dict[str, float | int | dict[str, float]]:
        """All figures until `stop`, or so far, by the names that reports use."""
        return {
            **(self._stopped or self._used()),
            "shuffle_bytes": self.shuffle_bytes,
            "spill_bytes": self.spill_bytes,
            "stages": self.stages,
        }

    def _used(self) -> dict[str, float | int]:
        pids = self._processes()
        return {
            "seconds": round(time.monotonic() - self._began, 3),
            "cpu_seconds": round(sum(cpu_seconds(pid) - self._cpu.get(pid, 0.0) for pid in pids), 2),
            "peak_memory_bytes": sum(peak_memory(pid) for pid in pids),
        }

    @staticmethod
    def _processes() -> list[int]:
        found = server.running(settings())
        return [os.getpid(), *([found.jvm_pid] if found else [])]


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
