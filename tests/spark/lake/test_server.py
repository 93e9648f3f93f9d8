"""The lake server: one per lake, one door with a key, and it comes back after any death."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pyarrow as pa
import pytest
from pyspark.errors.exceptions.connect import SparkConnectGrpcException
from pyspark.sql import SparkSession
from sqlalchemy import update

from spark_jobs.base.errors import LakeError
from spark_jobs.base.settings import settings
from spark_jobs.control import lease
from spark_jobs.control.database import engine
from spark_jobs.control.schema import Lease
from spark_jobs.lake.server import lifecycle as server
from spark_jobs.lake.server import registration, session
from spark_jobs.lake.storage import delta_commits
from tests.ports import free_port


@pytest.fixture
def own_lake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Home of a lake of the test's own, whose server the test may kill."""
    monkeypatch.setenv("LAKE_HOME", str(tmp_path))
    monkeypatch.setenv("LAKE_CONNECT_PORT", str(free_port()))
    monkeypatch.setenv("LAKE_DRIVER_MEMORY", "1g")
    monkeypatch.delenv("LAKE_CONTROL_URL", raising=False)
    settings.cache_clear()
    engine.cache_clear()
    yield tmp_path
    server.down()
    monkeypatch.undo()
    settings.cache_clear()
    engine.cache_clear()


def wait_until(holds: Callable[[], bool], what: str) -> None:
    """Wait for something that a busy machine may take long over; fails after two minutes."""
    deadline = time.monotonic() + 120
    while not holds():
        if time.monotonic() > deadline:
            pytest.fail(f"not after two minutes: {what}")
        time.sleep(0.05)


def wait_for_death(pid: int) -> None:
    wait_until(lambda: lease.process_identity(pid) is None, f"the end of process {pid}")


def test_the_jvm_listens_on_loopback_for_spark_connect_alone(lake_home: Path) -> None:
    """No second door: whoever runs SQL in the server could read its files and call Java (`reflect`)."""
    running = server.status().running
    assert running is not None
    listening = {at.laddr for at in psutil.Process(running.jvm_pid).net_connections("tcp") if at.status == "LISTEN"}

    assert {at.ip.removeprefix("::ffff:") for at in listening} == {"127.0.0.1"}
    others = {at.port for at in listening} - {running.connect_port}
    assert not any(answers_thrift(port) for port in others)


def test_the_environment_of_the_jvm_holds_no_secret_and_nothing_of_others(own_lake: Path) -> None:
    os.environ |= {"AWS_SECRET_ACCESS_KEY": "somebody-elses", "LAKE_SOURCES__TAX": "postgresql://u:hidden@nowhere/tax"}
    try:
        found = server.up(wait=False)
        environment = dict(entry.split("=", 1) for entry in settled_environment(found.jvm_pid))
    finally:
        del os.environ["AWS_SECRET_ACCESS_KEY"], os.environ["LAKE_SOURCES__TAX"]

    unexpected = {name for name in environment if not name.startswith("SPARK_")} - {
        *("PATH", "JAVA_HOME", "JDK_JAVA_OPTIONS", "LANG", "LC_ALL", "HADOOP_CONF_DIR", "KUBECONFIG"),
        *("_", "PWD", "OLDPWD", "SHLVL", "_SPARK_CMD_USAGE", "PYTHONHASHSEED"),
    }
    assert not unexpected
    secret = (own_lake / "secrets" / "connect-token").read_text("utf-8")
    assert not any(word in value for value in environment.values() for word in (secret, "somebody-elses", "hidden"))


def answers_thrift(port: int) -> bool:
    """Something at this port answers the first message of a JDBC client (SASL, mechanism PLAIN)."""
    with socket.create_connection(("127.0.0.1", port), timeout=2) as connection:
        connection.settimeout(2)
        connection.sendall(b"\x01\x00\x00\x00\x05PLAIN\x02\x00\x00\x00\x0b\x00lake\x00secret")
        try:
            return connection.recv(1)[:1] in {b"\x02", b"\x03", b"\x05"}
        except OSError:
            return False


def settled_environment(pid: int) -> list[str]:
    """The environment of a process that began as a shell script, once Java runs in it."""
    wait_until(lambda: "java" in Path(f"/proc/{pid}/exe").resolve().name, f"Java in process {pid}")
    return [entry for entry in Path(f"/proc/{pid}/environ").read_text("utf-8").split("\0") if entry]


def test_connect_refuses_a_wrong_token(spark: SparkSession, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPARK_CONNECT_AUTHENTICATE_TOKEN", "wrong")
    stranger = SparkSession.builder.remote(session.remote()).create()
    with pytest.raises(SparkConnectGrpcException, match="UNAUTHENTICATED"):
        stranger.sql("SELECT 1")


def test_timestamps_show_in_the_city_time(spark: SparkSession) -> None:
    shown = spark.sql("SELECT string(timestamp '2026-11-01 00:00:00Z')").first()
    assert shown is not None
    assert shown[0] == "2026-11-01 08:00:00"


def test_secrets_are_for_their_owner_only(lake_home: Path) -> None:
    files = [path for path in (lake_home / "secrets").rglob("*") if path.is_file()]
    assert files
    assert {path.stat().st_mode & 0o777 for path in files} == {0o600}


def test_up_refuses_while_it_runs(lake_home: Path) -> None:
    with pytest.raises(LakeError, match="running already, as process"):
        server.up()


def test_ensure_up_gives_the_server_that_runs(lake_home: Path) -> None:
    assert server.ensure_up() == server.status().running


def test_a_second_server_on_the_same_control_database_names_the_holder(lake_home: Path, tmp_path: Path) -> None:
    other = {
        "LAKE_HOME": str(tmp_path),
        "LAKE_CONTROL_URL": settings().control_database,
        "LAKE_CONNECT_PORT": str(free_port()),
    }
    running = server.status().running
    assert running is not None

    ended = subprocess.run(
        [sys.executable, "-c", "from spark_jobs.lake.server import lifecycle; lifecycle.up()"],
        env=os.environ | other,
        capture_output=True,
        text=True,
        check=False,
    )

    assert f"lake-server is held by process {running.pid}" in ended.stderr


def test_a_port_in_use_is_named(lake_home: Path) -> None:
    with pytest.raises(LakeError, match=f"port {settings().connect_port} of the lake server is in use by process"):
        server.check_requirements(settings())


def test_registration_finds_a_table_that_the_catalogue_does_not_know(spark: SparkSession) -> None:
    delta_commits.create("entities", "lost", pa.schema([("id", pa.int64())]), ())

    assert "lost" in registration.register_layer(spark, "entities")
    assert spark.table("entities.lost").count() == 0
    assert registration.register_layer(spark, "entities") == []


@pytest.mark.parametrize("victim", ["keeper", "jvm"])
def test_after_a_kill_neither_outlives_the_other_and_up_works_at_once(own_lake: Path, victim: str) -> None:
    first = server.up(wait=False)
    os.kill(first.pid if victim == "keeper" else first.jvm_pid, signal.SIGKILL)
    wait_for_death(first.pid)
    wait_for_death(first.jvm_pid)

    second = server.up(wait=False)

    holder = server.status().holder
    assert holder is not None
    assert (holder.pid, holder.epoch, holder.is_live) == (second.pid, 2, True)


def test_the_jvm_dies_when_the_lease_is_lost(own_lake: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAKE_LEASE_SECONDS", "2")
    settings.cache_clear()
    found = server.up(wait=False)

    with engine().begin() as connection:
        connection.execute(update(Lease).values(holder="somebody else"))

    wait_for_death(found.jvm_pid)
    wait_for_death(found.pid)
    assert server.status().running is None
