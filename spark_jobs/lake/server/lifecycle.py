"""Start, stop and look at the lake server: the one Spark application that all Spark work goes through."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from spark_jobs.base.errors import LakeError
from spark_jobs.base.ports import must_be_free
from spark_jobs.base.settings import PROJECT, Settings, settings
from spark_jobs.control import lease
from spark_jobs.control.database import engine
from spark_jobs.lake.server import conf as server_conf

LEASE = "lake-server"
START_SECONDS = 300
STOP_SECONDS = 30


@dataclass(frozen=True)
class Running:
    """A lake server of this lake home.

    Args:
        pid: the keeper's process.
        jvm_pid: the process that runs Spark.
        connect_port: Spark Connect, on 127.0.0.1.
        started_at: UTC, ISO 8601.
        is_ready: it answers.
        identity: tells the keeper from a later process with its number.
    """

    pid: int
    jvm_pid: int
    connect_port: int
    started_at: str
    is_ready: bool
    identity: str


@dataclass(frozen=True)
class Status:
    """What `lake server status` shows: the server of this lake home, and who holds the lease, here or elsewhere."""

    running: Running | None
    holder: lease.Holder | None


def up(wait: bool = True) -> Running:
    """Start the lake server of this lake home and give it, ready unless `wait` is false; interrupted, stop it again.

    Raises:
        LakeError: it runs already, another lake server holds the lease, a port is in use, Java or the jars are
            missing, or it did not start.
    """
    at = settings()
    found = running(at)
    if found is not None:
        raise LakeError(
            f"the lake server is running already, as process {found.pid}", "lake status, or lake server down"
        )
    check_requirements(at)
    failure_path(at).unlink(missing_ok=True)
    keeper = _start_keeper(at)
    try:
        return _wait_until(at, keeper, is_ready=wait)
    except (KeyboardInterrupt, SystemExit):
        keeper.terminate()
        keeper.wait()
        raise


def ensure_up() -> Running:
    """The lake server of this lake home, started if it does not run.

    Raises:
        LakeError: as `up`.
    """
    at = settings()
    found = running(at)
    if found is None:
        return up()
    return found if found.is_ready else _wait_until(at, None, is_ready=True)


@contextmanager
def lent(stays: bool = False, told: Callable[[Running], object] = lambda _: None) -> Iterator[Running]:
    """The lake server for a command; one that had to be started ends with the block, unless it stays.

    Args:
        stays: what was started goes on afterwards.
        told: gets a server that had to be started.

    Raises:
        LakeError: as `up`.
    """
    was_there = running(settings()) is not None
    found = ensure_up()
    if not was_there:
        told(found)
    try:
        yield found
    finally:
        if not (was_there or stays):
            down()


def down() -> Running | None:
    """Stop the lake server of this lake home; give what was stopped, None if nothing ran."""
    at = settings()
    found = running(at)
    if found is None:
        return None
    _signal(found, signal.SIGTERM)
    deadline = time.monotonic() + STOP_SECONDS
    while _is_alive(found) and time.monotonic() < deadline:
        time.sleep(0.1)
    if _is_alive(found):
        _signal(found, signal.SIGKILL)
    state_path(at).unlink(missing_ok=True)
    return found


def status() -> Status:
    """The lake server of this lake home, and the holder of the lease."""
    return Status(running(settings()), lease.look(engine(), LEASE))


def running(at: Settings) -> Running | None:
    """The lake server of this lake home if its keeper is alive."""
    try:
        said = json.loads(state_path(at).read_text(encoding="utf-8"))
        # A server of an earlier version says more of itself.
        found = Running(**{field.name: said[field.name] for field in fields(Running)})
    except (FileNotFoundError, json.JSONDecodeError, TypeError, KeyError):
        return None
    return found if _is_alive(found) else None


def write_state(at: Settings, state: Running) -> None:
    """Publish the state of the server, for `running`; readers see the old or the new one, never a half."""
    scratch = state_path(at).with_suffix(".part")
    server_conf.private_file(scratch, json.dumps(asdict(state)))
    scratch.replace(state_path(at))


def state_path(at: Settings) -> Path:
    """The file in which the keeper says what runs."""
    return at.home / "lake-server.pid.json"


def failure_path(at: Settings) -> Path:
    """The file in which a keeper that could not start says why."""
    return at.home / "run" / "lake-server.failure.json"


def check_requirements(at: Settings) -> None:
    """Check what the server needs before anything is started.

    Raises:
        LakeError: Java or the jars are missing, or a port is in use.
    """
    if shutil.which("java") is None and not os.environ.get("JAVA_HOME"):
        raise LakeError("Java 17 is not on the path", "install a JDK 17, then: make setup")
    if not any(server_conf.JARS.glob("delta-spark_*.jar")):
        raise LakeError(f"the Delta jars are not in {server_conf.JARS}", "make setup")
    must_be_free(at.connect_port, "LAKE_CONNECT_PORT", "the lake server")


def _start_keeper(at: Settings) -> subprocess.Popen[bytes]:
    (at.home / "logs").mkdir(parents=True, exist_ok=True)
    env = os.environ | {"PYTHONPATH": os.pathsep.join([str(PROJECT), os.environ.get("PYTHONPATH", "")]).rstrip(":")}
    with (at.home / "logs" / "keeper.log").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "spark_jobs.lake.server.keeper"],
            env=env | {"LAKE_HOME": str(at.home.absolute())},
            cwd=at.home,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def _wait_until(at: Settings, keeper: subprocess.Popen[bytes] | None, is_ready: bool) -> Running:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        found = running(at)
        if found is not None and (found.is_ready or not is_ready):
            return found
        if (keeper is not None and keeper.poll() is not None) or (keeper is None and found is None):
            raise _failure(at)
        time.sleep(0.1)
    raise LakeError(f"the lake server is not ready after {START_SECONDS} s", f"read {at.home}/logs/lake-server.log")


def _failure(at: Settings) -> LakeError:
    try:
        said = json.loads(failure_path(at).read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        return LakeError("the lake server did not start", f"read {at.home}/logs/keeper.log and lake-server.log")
    return LakeError(said["what"], said["next_step"])


def _is_alive(state: Running) -> bool:
    return lease.process_identity(state.pid) == state.identity


def _signal(state: Running, number: signal.Signals) -> None:
    try:
        os.kill(state.pid, number)
    except ProcessLookupError:
        return
