"""A Spark standalone cluster on loopback: a master and its workers, gone afterwards."""

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pyspark

from tests.java_options import QUICK_JAVA
from tests.ports import free_port

SPARK_HOME = Path(pyspark.__file__).parent
LOOPBACK = "127.0.0.1"
START = 60
"""Seconds that a master or worker may take."""


@contextmanager
def cluster(folder: Path, workers: int) -> Iterator[str]:
    """A master with workers of one core each; gives the master's URL."""
    port = free_port()
    with ExitStack() as running:
        running.enter_context(_daemon(folder, "master.Master", port, []))
        master = f"spark://{LOOPBACK}:{port}"
        for number in range(workers):
            limits = ["--cores", "1", "--memory", "2g", "--work-dir", str(folder / f"work-{number}"), master]
            running.enter_context(_daemon(folder, "worker.Worker", free_port(), limits))
        yield master


@contextmanager
def _daemon(folder: Path, name: str, port: int, arguments: list[str]) -> Iterator[None]:
    listening = ["--host", LOOPBACK, "--port", str(port), "--webui-port", str(free_port())]
    command = [str(SPARK_HOME / "bin" / "spark-class"), f"org.apache.spark.deploy.{name}", *listening, *arguments]
    env = {**os.environ, "SPARK_HOME": str(SPARK_HOME), "SPARK_LOCAL_IP": LOOPBACK, "JDK_JAVA_OPTIONS": QUICK_JAVA}
    with (folder / f"{name}-{port}.log").open("wb") as log:
        process = subprocess.Popen(command, env=env, cwd=folder, stdout=log, stderr=log)
    try:
        _await(process, port)
        yield
    finally:
        process.terminate()
        process.wait(START)


def _await(process: subprocess.Popen[bytes], port: int) -> None:
    until = time.monotonic() + START
    while time.monotonic() < until:
        assert process.poll() is None, f"ended with {process.returncode}"
        try:
            socket.create_connection((LOOPBACK, port), 1).close()
            return
        except OSError:
            time.sleep(0.2)
    raise AssertionError(f"nothing listens on {port}")
