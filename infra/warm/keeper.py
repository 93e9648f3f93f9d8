"""Start the resident process of this lake home, end it, and look whether it is there."""

import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import psutil

from infra.warm import wire
from spark_jobs.base.settings import PROJECT, settings

_STOP_SECONDS = 10
PROGRAM = "from infra.warm.resident import main; main()"


def start() -> None:
    """Start it, in place of one that runs; it is ready some seconds later, and until then commands run as ever."""
    home = settings().home.absolute()
    log = home / "logs" / "warm.log"
    log.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    stop()
    with log.open("ab") as said:
        process = subprocess.Popen(
            [sys.executable, "-P", "-c", PROGRAM],
            env=os.environ | {"LAKE_HOME": str(home)},
            cwd=PROJECT,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            start_new_session=True,
        )
    born = psutil.Process(process.pid).create_time()
    _known().write_text(json.dumps({"pid": process.pid, "born": born}), "ascii")


def ensure() -> bool:
    """Start it where it does not run and the settings want it; whether this call did."""
    if process() is not None or not settings().warm_starts:
        return False
    start()
    return True


def stop() -> bool:
    """End it, where it runs; commands that it has forked go on. Whether it ran."""
    found = process()
    # One of yesterday's code starts its successor, and has still to see the commands off that it has forked.
    if found is not None and found.pid != os.getpid():
        # It keeps nothing: there is nothing to put in order.
        with suppress(psutil.NoSuchProcess):
            found.send_signal(signal.SIGKILL)
            found.wait(_STOP_SECONDS)
    for file in (_known(), settings().home / wire.SOCKET):
        file.unlink(missing_ok=True)
    return found is not None


def process() -> psutil.Process | None:
    """The process, told from a later one with its number by its time of birth."""
    try:
        known = json.loads(_known().read_text("ascii"))
        found = psutil.Process(known["pid"])
        is_ours = found.create_time() == known["born"] and found.status() != psutil.STATUS_ZOMBIE
    except (OSError, ValueError, psutil.NoSuchProcess):
        return None
    return found if is_ours else None


def _known() -> Path:
    return settings().home / "warm.json"
