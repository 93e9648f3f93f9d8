"""Start Sail's process and end it."""

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Literal

from spark_jobs.base.errors import LakeError
from spark_jobs.base.settings import PROJECT, Settings
from spark_jobs.lake.server.discretion import OUT_OF_MEMORY
from spark_jobs.lake.storage.table_properties import DICTIONARY_BYTES

CHILD = "spark_jobs.lake.sail.child"
"""The module that is run."""
_LAST_BREATH = 0.5
"""Seconds in which a process that has closed its connections is gone."""
_OUT_OF_REACH = "StatusCode.UNAVAILABLE"
"""Nobody answers any more at the door."""
_BATCH_ROWS = 32_768
"""Sail compiles a regular expression for each batch, which for thousands of codes takes longer than 8,192 rows do."""
Pool = Literal["fair", "unbounded"]
"""Fair: operators share Sail's limit, and spill. Unbounded: the kernel's limit alone holds, and nothing is spilled; for
plans with `max_by` of structs, of which Sail believes each group to hold all rows that came with its own."""
_HEADROOM = 2
"""What the kernel allows is so many times Sail's own limit: its pool does not know of the rows that it passes on."""


@dataclass(frozen=True)
class Running:
    """Sail's process."""

    door: Path
    """The socket by which its Spark Connect server is reached."""
    process: subprocess.Popen[bytes]
    log: Path
    """What it says, after what others have said."""
    begins_at: int
    """Byte of the log from which it speaks."""
    memory: int
    """Bytes that it was to be content with."""

    def is_broken(self, error: Exception) -> bool:
        """It has ended or takes no work any more, which is the fault of nothing that it was given."""
        return not self.is_alive() or _OUT_OF_REACH in str(error) or self.is_out_of_memory(error)

    def is_out_of_memory(self, error: Exception) -> bool:
        """It has come to its limit of memory, by the error, by its own words, or by what it had at most.

        Libraries have many words for it, and a thread that ends for want of memory takes no process with it.
        """
        with self.log.open("rb") as said:
            said.seek(self.begins_at)
            words = said.read().decode("utf-8", "replace") + str(error)
        return bool(OUT_OF_MEMORY.search(words)) or self._most_bytes() > self.memory

    def _most_bytes(self) -> int:
        try:
            status = Path(f"/proc/{self.process.pid}/status").read_text()
        except OSError:
            return 0
        found = re.search(r"VmHWM:\s*(\d+) kB", status)
        return int(found[1]) << 10 if found else 0

    def is_alive(self) -> bool:
        """It has not ended, and is not about to."""
        try:
            self.process.wait(timeout=_LAST_BREATH)
        except subprocess.TimeoutExpired:
            return True
        return False


@contextmanager
def running(at: Settings, work: Path, pool: Pool = "fair") -> Iterator[Running]:
    """Sail in a process of its own, which ends with the block and with this process.

    Args:
        at: the settings.
        work: a folder for what it keeps between two steps.
        pool: how those that work at once share its memory.

    Raises:
        LakeError: it could not be kept apart from others on the machine, or did not start.
    """
    # Not below `home`: the path of a socket has 107 bytes at most.
    with tempfile.TemporaryDirectory(prefix="lake-sail-") as folder:
        log = at.home / "logs" / "sail.log"
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("ab") as said:
            begins_at = said.tell()
            process = _start(at, Path(folder) / "door", work, said.fileno(), pool)
        try:
            _await_ready(process, log)
            yield Running(Path(folder) / "door", process, log, begins_at, int(at.sail_memory))
        finally:
            process.kill()
            process.wait()
            for end in (process.stdin, process.stdout):
                if end:
                    end.close()


def can_be_isolated() -> str | None:
    """Why this machine gives Sail no network of its own; None where it does."""
    probe = f"from {CHILD.rpartition('.')[0]}.isolation import enter_own_network; enter_own_network()"
    done = subprocess.run(
        [sys.executable, "-s", "-P", "-c", probe], env=_PATH, cwd="/", capture_output=True, text=True, check=False
    )
    return None if done.returncode == 0 else done.stderr.strip().rpartition("\n")[2]


_PATH = {"PYTHONPATH": str(PROJECT), "LANG": "C.UTF-8"}


def _start(at: Settings, door: Path, work: Path, log: int, pool: Pool) -> subprocess.Popen[bytes]:
    limit = int(at.sail_memory) * _HEADROOM
    return subprocess.Popen(
        [sys.executable, "-s", "-P", "-m", CHILD, str(door), str(limit), at.sail_isolation, version("pyspark")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=log,
        env=_PATH | environment(at, work, pool),
        cwd=work,
        start_new_session=True,
    )


def environment(at: Settings, work: Path, pool: Pool = "fair") -> dict[str, str]:
    """Sail's own settings; nothing of ours is in its environment, no key least of all."""
    return {
        "TOKIO_WORKER_THREADS": str(at.sail_threads),
        "SAIL_EXECUTION__DEFAULT_PARALLELISM": str(at.sail_threads),
        "SAIL_EXECUTION__BATCH_SIZE": str(_BATCH_ROWS),
        "SAIL_EXECUTION__CHECKPOINT__PATH": f"file://{work}/checkpoints",
        "SAIL_RUNTIME__MEMORY_POOL__TYPE": pool,
        "SAIL_RUNTIME__MEMORY_POOL__FAIR__MAX_SIZE": str(int(at.sail_memory)),
        "SAIL_RUNTIME__TEMPORARY_FILES__PATHS": json.dumps([str(work / "spill")]),
        "SAIL_PARQUET__SCHEMA_FORCE_VIEW_TYPES": "false",
        "SAIL_PARQUET__COMPRESSION": "zstd(1)",
        "SAIL_PARQUET__MAX_ROW_GROUP_SIZE": "131072",
        "SAIL_PARQUET__DICTIONARY_PAGE_SIZE_LIMIT": str(DICTIONARY_BYTES),
        "SAIL_PARQUET__STATISTICS_ENABLED": "chunk",
        # It would name the city's time zone where Delta's types have none.
        "SAIL_PARQUET__SKIP_ARROW_METADATA": "true",
        "SAIL_OPTIMIZER__EXPAND_VIEWS_AT_OUTPUT": "true",
        "RUST_LOG": os.environ.get("RUST_LOG", "error"),
    }


def _await_ready(process: subprocess.Popen[bytes], log: Path) -> None:
    assert process.stdout is not None  # noqa: S101  it was asked for
    line = process.stdout.readline()
    said = json.loads(line) if line else {}
    if "refused" in said:
        raise LakeError(
            f"本机不允许为引擎建立独立网络，同机的其他用户可能读到数据 (no network namespace for the engine: "
            f"{said['refused']})",
            "允许本用户建立用户命名空间 (allow unprivileged user namespaces), or LAKE_REFINE_ENGINE=server; "
            "where nobody else uses this machine: LAKE_SAIL_ISOLATION=none",
        )
    if "ready" not in said:
        raise LakeError("the engine Sail did not start", f"see the end of {log}")
