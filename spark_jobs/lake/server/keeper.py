"""The keeper of the lake server: it holds the lease and the JVM, and neither outlives the other.

Run as a process of its own by `server.up`. It stops the JVM when the lease is lost or cannot be renewed in time.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from spark_jobs.base.ending import dies_with_its_parent
from spark_jobs.base.errors import LakeError
from spark_jobs.base.logs import logger
from spark_jobs.base.privacy import keep_private
from spark_jobs.base.settings import Settings, settings
from spark_jobs.control import lease
from spark_jobs.control.database import engine
from spark_jobs.lake.server import conf as server_conf
from spark_jobs.lake.server import lifecycle as server
from spark_jobs.lake.server import session

SERVER_CLASS = "org.apache.spark.sql.hive.thriftserver.SparkSQLCLIDriver"
"""Holds a session on a standard input that never says anything, and Spark Connect as a plugin beside it.

SparkConnectServer itself would give each session a class loader of its own for artifacts, which we add none of: every
session then compiles all generated code anew (1 M firms resolved on a warm server: 75 CPU-seconds for 61). No door but
Connect is open: whoever may run SQL inside the server is the server, reads files (`text.`), calls any Java method
(`reflect`) and adds jars, so nobody but the pipeline, which shows the token, comes in."""
_STEP_SECONDS = 0.2

log = logger("keeper")


class _Renewal(threading.Thread):
    """Renews the lease beside the watch, which must go on when the control database hangs."""

    def __init__(self, control: Engine, held: lease.Held, seconds: float) -> None:
        super().__init__(daemon=True)
        self._control, self._held, self._seconds = control, held, seconds
        self._renewed = time.monotonic()
        self._is_lost = False
        self.start()

    def run(self) -> None:
        while not self._is_lost:
            time.sleep(self._seconds / 4)
            # Read before the call: the lease runs from a later moment than this.
            before = time.monotonic()
            try:
                self._is_lost = not lease.renew(self._control, self._held, self._seconds)
            except SQLAlchemyError as error:
                log.warning("the lease could not be renewed", error=type(error).__name__)
                continue
            self._renewed = before

    def is_held(self) -> bool:
        """The lease is ours, with a quarter of its time left to kill the JVM in."""
        return not self._is_lost and time.monotonic() - self._renewed < self._seconds * 3 / 4


def main() -> int:
    """Run the lake server until it is told to stop; the exit code is 0 only then."""
    keep_private()
    at = settings()
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGINT, _stop)
    try:
        return _keep(at)
    except LakeError as error:
        log.error("the lake server did not start", what=error.what)
        said = json.dumps({"what": error.what, "next_step": error.next_step})
        server_conf.private_file(server.failure_path(at), said)
        return 1


def _keep(at: Settings) -> int:
    control = engine()
    server.check_requirements(at)
    held = lease.take(control, server.LEASE, at.lease_seconds)
    _clear_scratch(at)
    jvm = _start_jvm(at, server_conf.write_conf(at))
    log.info("started", jvm_pid=jvm.pid, epoch=held.epoch)
    state = server.Running(
        pid=os.getpid(),
        jvm_pid=jvm.pid,
        connect_port=at.connect_port,
        started_at=datetime.now(UTC).isoformat(timespec="seconds"),
        is_ready=False,
        identity=lease.process_identity(os.getpid()) or "",
    )
    try:
        server.write_state(at, state)
        return _watch(at, _Renewal(control, held, at.lease_seconds), jvm, state)
    except KeyboardInterrupt:
        log.info("told to stop")
        return 0
    finally:
        _end(jvm)
        server.state_path(at).unlink(missing_ok=True)
        lease.release(control, held)


def _watch(at: Settings, renewal: _Renewal, jvm: subprocess.Popen[bytes], state: server.Running) -> int:
    while jvm.poll() is None:
        if not renewal.is_held():
            log.error("the lease is lost, the JVM is killed")
            jvm.kill()
            return 1
        if not state.is_ready and session.answers():
            state = replace(state, is_ready=True)
            server.write_state(at, state)
            log.info("ready")
        time.sleep(_STEP_SECONDS)
    raise LakeError(
        f"the process that runs Spark ended with code {jvm.returncode}",
        f"read {at.home}/logs/lake-server.log and {at.home}/logs/jvm.log, then: lake up",
    )


def _start_jvm(at: Settings, conf: Path) -> subprocess.Popen[bytes]:
    pyspark = find_spec("pyspark")
    if pyspark is None or pyspark.origin is None:
        raise LakeError("pyspark is not installed", "make setup")
    home = Path(pyspark.origin).parent
    with (at.home / "logs" / "jvm.log").open("ab") as out:
        return subprocess.Popen(
            [str(home / "bin" / "spark-submit"), "--class", SERVER_CLASS, "spark-internal"],
            env=server_conf.environment(conf, home),
            cwd=at.home / "run",
            stdin=subprocess.PIPE,
            stdout=out,
            stderr=subprocess.STDOUT,
            # SIGKILL also for Spark: Delta commits are atomic, and a lease that is gone leaves no time for manners.
            preexec_fn=dies_with_its_parent(),
        )


def _clear_scratch(at: Settings) -> None:
    """A JVM that was killed leaves its shuffle files; none of them is of use to the next."""
    shutil.rmtree(at.home / "spark-local", ignore_errors=True)
    # Where a server of an earlier version kept its catalogue.
    shutil.rmtree(at.home / "catalogue", ignore_errors=True)


def _end(jvm: subprocess.Popen[bytes]) -> None:
    jvm.terminate()
    try:
        jvm.wait(timeout=15)
    except subprocess.TimeoutExpired:
        jvm.kill()
        jvm.wait()


def _stop(_signal: int, _frame: object) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
