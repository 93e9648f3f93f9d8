"""dbt for many small builds: forked from a process that has its imports done, otherwise a third of each.

The stories of `tests/e2e` start it as the lake does.
"""

import multiprocessing
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from spark_jobs.lake.engine import dbt_child

_IMPORTED = ("dbt.cli.main", "dbt.task.build", "dbt.adapters.spark", "spark_jobs.lake.sail.dbt_cursor")
_FORKED = multiprocessing.get_context("forkserver")
_FORKED.set_forkserver_preload([*_IMPORTED, __name__])


def run(
    command: Sequence[str], env: Mapping[str, str], input: str, cwd: Path, **_captured: Any
) -> "subprocess.CompletedProcess[str]":
    """As `subprocess.run` of `python -m` a program, which gets its input and whose output is captured."""
    with TemporaryDirectory() as folder:
        streams = [Path(folder) / name for name in ("stdin", "stdout", "stderr")]
        streams[0].write_text(input, "utf-8")
        program, *arguments = command[2:]
        process = _FORKED.Process(target=_become, args=(program, arguments, dict(env), str(cwd), streams))
        process.start()
        process.join()
        return subprocess.CompletedProcess(
            command, process.exitcode or 0, *(each.read_text("utf-8") for each in streams[1:])
        )


def _become(program: str, arguments: list[str], env: dict[str, str], cwd: str, streams: list[Path]) -> None:
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(env | {dbt_child.PARENT: str(os.getppid())})
    for number, path in enumerate(streams):
        os.dup2(os.open(path, os.O_RDWR | os.O_CREAT), number)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115  until the process ends
    sys.argv = [program, *arguments]
    import_module(program).main()
