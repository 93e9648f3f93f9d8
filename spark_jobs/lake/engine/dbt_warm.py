"""dbt with its imports done and the project read: a process that is forked before there is anything to do for it.

To import dbt takes two CPU-seconds, to read what it has parsed another one, whatever is then built. A fork has both at
no cost, but a process with threads must not fork, and every command soon has some. So what a warm start forks for a
command forks first of all what may become its dbt. That waits until it is told what to do, or nobody is left to tell.
"""

import atexit
import io
import json
import os
import socket
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn

from spark_jobs.base.settings import settings
from spark_jobs.lake.engine import dbt_child

IMPORTS = (
    "dbt.cli.main",
    "dbt.task.build",
    "dbt.adapters.spark",
    "spark_jobs.lake.sail.dbt_cursor",
)
_STREAMS = 3
_NOTHING = b"-"
_lent: "list[Waiting]" = []


@dataclass
class _Parsed:
    """What dbt has noted of the project, and what it reads of that."""

    noted: bytes = b""
    manifest: Any = None
    read: Callable[..., Any] | None = None
    """How dbt reads it."""


_parsed = _Parsed()


def prepare(noted: Path) -> None:
    """Import dbt, and read what it has parsed of the project, where this process has not.

    Args:
        noted: the file in which dbt keeps it.
    """
    for name in IMPORTS:
        import_module(name)
    from dbt.contracts.graph.manifest import Manifest
    from dbt.parser.manifest import extended_mashumuro_decoder

    if _parsed.read is None:
        of: Any = Manifest
        _parsed.read, of.from_msgpack = of.from_msgpack, _known
    content = noted.read_bytes() if noted.exists() else b""
    if content and content != _parsed.noted:
        _parsed.manifest = _parsed.read(content, decoder=extended_mashumuro_decoder)
        _parsed.noted = content


def _known(content: bytes, **named: Any) -> Any:
    """In place of dbt's: what is known already is not read again. A dbt changes what it has read, and lives once."""
    is_known = _parsed.manifest is not None and content == _parsed.noted
    return _parsed.manifest if is_known or _parsed.read is None else _parsed.read(content, **named)


def is_prepared() -> bool:
    """This process has dbt's imports."""
    return IMPORTS[0] in sys.modules


@dataclass(frozen=True)
class Waiting:
    """A process that will be dbt.

    Args:
        process: its number, a child of this process.
        asked: where it is told what to do.
    """

    process: int
    asked: socket.socket

    def run(
        self, arguments: Sequence[str], environment: Mapping[str, str], folder: Path, told: str
    ) -> "subprocess.CompletedProcess[str]":
        """Have it be dbt once, as a program of these arguments would be; gives how it ended and what it said."""
        said = [os.memfd_create(name) for name in ("dbt-input", "dbt-output", "dbt-errors")]
        os.write(said[0], json.dumps([*arguments, str(folder), dict(environment), told]).encode())
        with self.asked:
            socket.send_fds(self.asked, [_NOTHING], said)
            _, status = os.waitpid(self.process, 0)
        output, errors = (_all_of(each) for each in said[1:])
        os.close(said[0])
        code = os.waitstatus_to_exitcode(status)
        return subprocess.CompletedProcess([dbt_child.__name__, *arguments], code, output, errors)


def lend() -> None:
    """Fork one for the command that this process is about to be; it must have no threads yet."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    process = os.fork()
    if not process:
        _wait(theirs)
    theirs.close()
    _lent.append(Waiting(process, ours))


def lent() -> Waiting | None:
    """The one that was forked for this command; once."""
    return _lent.pop() if _lent else None


def _all_of(file: int) -> str:
    with os.fdopen(file, "rb") as said:
        said.seek(0)
        return said.read().decode("utf-8", "replace")


def _wait(asked: socket.socket) -> NoReturn:
    status = 1
    try:
        # As a program would: nothing of what the other process has open.
        os.closerange(_STREAMS, asked.fileno())
        os.closerange(asked.fileno() + 1, os.sysconf("SC_OPEN_MAX"))
        message, streams, _, _ = socket.recv_fds(asked, len(_NOTHING), _STREAMS)
        status = _be_dbt(streams) if message else 0
    finally:
        os._exit(status)


def _be_dbt(streams: Sequence[int]) -> int:
    with os.fdopen(streams[0], "rb") as asked:
        asked.seek(0)
        *arguments, folder, environment, told = json.loads(asked.read())
    for number in (1, 2):
        os.dup2(streams[number], number)
    _become([dbt_child.__file__, *arguments], folder, environment, told)
    try:
        dbt_child.main()
    except SystemExit as left:
        return left.code if isinstance(left.code, int) else int(left.code is not None)
    except BaseException:
        traceback.print_exc()
        return 1
    finally:
        # What an interpreter does at its end, but for taking all to pieces.
        atexit._run_exitfuncs()
        sys.stdout.flush()
        sys.stderr.flush()
    return 0


def _become(arguments: list[str], folder: str, environment: Mapping[str, str], told: str) -> None:
    """Take over what a program is started with."""
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    settings.cache_clear()
    sys.argv = arguments
    sys.stdin = io.StringIO(told)
    sys.stdout, sys.stderr = (open(number, "w", encoding="utf-8", closefd=False) for number in (1, 2))  # noqa: SIM115
