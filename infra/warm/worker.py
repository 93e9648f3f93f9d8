"""The forked process: it becomes what the command that asked for it is, and runs it."""

import atexit
import gc
import os
import resource
import signal
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import NoReturn

from infra.warm import code, wire

STALE = 86
"""Exit status of one that found its code to be of yesterday; it has done nothing."""
NAME, NAME_OF_BUILDER = "lake", "lake warehouse"
"""Of the process, once it runs a command, or one of the warehouse."""
_PATIENCE_SECONDS = 10.0


def work(connection: socket.socket, version: str, set_by_imports: Mapping[str, str]) -> NoReturn:
    """Run the command of whoever is at the other end, or leave it alone.

    Args:
        connection: to the command.
        version: of the code that is loaded.
        set_by_imports: variables of the environment that modules have set when they were loaded.
    """
    status = 1
    try:
        status = _serve(connection, version, set_by_imports)
    finally:
        os._exit(status)


def _received(connection: socket.socket) -> wire.Request | None:
    """What is asked, its descriptors put in the place of this process's; None: by somebody who speaks otherwise."""
    hello, descriptors, _, _ = socket.recv_fds(connection, 64, wire.DESCRIPTORS)
    if hello != wire.HELLO or len(descriptors) != wire.DESCRIPTORS or not wire.is_of_this_user(connection):
        return None
    *streams, folder, payload = descriptors
    with os.fdopen(payload, "rb") as file:
        file.seek(0)
        request = wire.read_request(file.read())
    os.fchdir(folder)
    os.close(folder)
    for number, descriptor in enumerate(streams):
        os.dup2(descriptor, number)
        os.close(descriptor)
    return request


def _serve(connection: socket.socket, version: str, set_by_imports: Mapping[str, str]) -> int:
    if code.version() != version:
        return STALE
    connection.settimeout(_PATIENCE_SECONDS)
    connection.send(wire.WELCOME)
    request = _received(connection)
    if request is None or tuple(request["interpreter"]) != wire.interpreter() or request["groups"] != wire.groups():
        return 1
    _become(request, set_by_imports)
    connection.send(wire.READY + b" %d" % os.getpid())
    if connection.recv(len(wire.GO)) != wire.GO:
        return 1
    builds = code.is_of_warehouse(request["arguments"])
    Path("/proc/self/comm").write_text(NAME_OF_BUILDER if builds else NAME, "ascii")
    if builds:
        code.lend_dbt()
    status = _status_of_command()
    _leave()
    connection.send(wire.EXIT + b" %d" % status)
    return status


def _become(request: wire.Request, set_by_imports: Mapping[str, str]) -> None:
    """Take over what the other process has.

    Raises:
        OSError: this process may not have it: the command runs by itself.
    """
    for number in (*wire.SIGNALS, signal.SIGCHLD):
        signal.signal(number, signal.SIG_IGN if number in request["ignored"] else signal.SIG_DFL)
    if signal.SIGINT not in request["ignored"]:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    for limit, soft, hard in request["limits"]:
        if resource.getrlimit(limit) != (soft, hard):
            resource.setrlimit(limit, (soft, hard))
    os.sched_setaffinity(0, request["cores"])
    os.setpriority(os.PRIO_PROCESS, 0, request["nice"])
    os.environ.clear()
    os.environb.update(request["environment"])
    for name, value in set_by_imports.items():
        os.environ.setdefault(name, value)
    sys.argv = request["arguments"]
    _forget()


def _forget() -> None:
    """What was found out about the process that this one was."""
    from numpy import random

    from spark_jobs.commands import console

    time.tzset()
    tempfile.tempdir = None
    random.seed()
    sys.stdout.reconfigure(line_buffering=sys.stdout.isatty())  # type: ignore[union-attr]
    console.look_again()


def _status_of_command() -> int:
    try:
        import_module(code.FRONT_DOOR).main()
    except SystemExit as left:
        if left.code is None or isinstance(left.code, int):
            return left.code or 0
        sys.stderr.write(f"{left.code}\n")
        return 1
    except BaseException:
        sys.excepthook(*sys.exc_info())
        return 1
    return 0


def _leave() -> None:
    """What an interpreter does at its end, but for taking all to pieces."""
    gc.disable()
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
