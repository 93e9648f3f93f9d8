"""What one delivery may use, enforced by the kernel, so that no decoder has to think of every way to be hurt."""

import os
import resource
import signal
from dataclasses import dataclass
from pathlib import Path

from expectations.rejections import DeliveryRejected
from spark_jobs.base.settings import Settings

_MIB = 1 << 20


@dataclass(frozen=True)
class Limits:
    """Limits of one delivery; sizes in bytes, times in seconds."""

    memory: int
    """Address space beyond what the process has before it opens the delivery."""
    cpu_seconds: float
    cpu_seconds_per_mib: float
    """Added to `cpu_seconds` for each MiB of the delivery, so that a large one may take as long as it must."""
    wall_factor: float
    """Seconds by the clock for each second of processor time: for a decoder that hangs and uses none."""
    spool: int
    """Size of the file that the decoded rows are written to."""

    @classmethod
    def of(cls, settings: Settings) -> "Limits":
        """The limits that the settings name."""
        return cls(
            memory=settings.decode_memory,
            cpu_seconds=settings.decode_cpu_seconds,
            cpu_seconds_per_mib=settings.decode_cpu_seconds_per_mib,
            wall_factor=settings.decode_wall_factor,
            spool=settings.decode_spool,
        )

    def cpu_for(self, size: int) -> int:
        """Processor time of a delivery of `size` bytes."""
        return max(1, round(self.cpu_seconds + self.cpu_seconds_per_mib * size / _MIB))

    def confine(self) -> None:
        """Limit this process for the rest of its life, but for time."""
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
        memory = pages * resource.getpagesize() + self.memory
        _lower(resource.RLIMIT_AS, memory)
        _lower(resource.RLIMIT_FSIZE, self.spool)
        _lower(resource.RLIMIT_CORE, 0)
        signal.signal(signal.SIGXCPU, signal.SIG_DFL)
        signal.signal(signal.SIGALRM, signal.SIG_DFL)

    def start_clock(self, size: int) -> None:
        """Give the process the time that a delivery of `size` bytes may take, from now on."""
        seconds = self.cpu_for(size)
        used = resource.getrusage(resource.RUSAGE_SELF)
        # The limit is in whole seconds of the process's life, so it is rounded up.
        soft = int(used.ru_utime + used.ru_stime) + seconds + 1
        resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.RLIM_INFINITY))
        signal.setitimer(signal.ITIMER_REAL, seconds * self.wall_factor)

    def exceeded(self, by: str, size: int) -> DeliveryRejected:
        """The rejection of a delivery that hit a limit.

        Args:
            by: `memory`, `cpu`, `wall` or `spool`.
            size: bytes of the delivery.
        """
        what, limit = {
            "memory": ("内存", f"{self.memory // _MIB} MiB"),
            "cpu": ("处理器时间", f"{self.cpu_for(size)} 秒"),
            "wall": ("处理时间", f"{round(self.cpu_for(size) * self.wall_factor)} 秒"),
            "spool": ("展开后的大小", f"{self.spool // _MIB} MiB"),
        }[by]
        return DeliveryRejected("decode_limits", what=what, limit=limit)

    def by_death(self, status: int, peak: int) -> str | None:
        """Which limit ended a process with that wait status and peak of memory in use; None: no limit did."""
        if not os.WIFSIGNALED(status):
            return None
        ended = {signal.SIGXCPU: "cpu", signal.SIGALRM: "wall", signal.SIGXFSZ: "spool"}.get(
            signal.Signals(os.WTERMSIG(status))
        )
        # Native code answers a refused allocation by a signal as often as by an error.
        return ended or ("memory" if peak > self.memory * 0.8 else None)


def _lower(kind: int, value: int) -> None:
    _, hard = resource.getrlimit(kind)
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(kind, (value, value))
