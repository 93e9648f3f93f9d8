"""Start, stop and look at the services of Airflow: API server, the API that tasks talk to, scheduler, DAG processor."""

import json
import os
import shlex
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.metadata import version

import psutil

from infra.airflow.environment import database_url, environment
from infra.airflow.rest import Rest
from infra.airflow.settings import AirflowSettings, Places
from infra.log_ends import last_lines
from spark_jobs.base.errors import LakeError
from spark_jobs.base.ports import must_be_free
from spark_jobs.base.privacy import PRIVATE
from spark_jobs.base.secret_files import write_secret
from spark_jobs.base.settings import PROJECT, settings

COMMANDS: dict[str, tuple[str, ...]] = {
    "api-server": ("api-server", "--apps", "core"),
    # A process of its own: on SQLite a request that waits for the write lock stops the event loop of its process, and
    # with it the request that holds the lock.
    "execution-api": ("api-server", "--apps", "execution"),
    # Task logs are files that the API server reads; nothing needs the log server, which would listen on all addresses.
    "scheduler": ("scheduler", "--skip-serve-logs"),
    "dag-processor": ("dag-processor",),
}
START_SECONDS = 300
STOP_SECONDS = 20


@dataclass(frozen=True)
class Service:
    """One service of Airflow.

    Args:
        name: a key of COMMANDS.
        pid: its process, None when it does not run.
    """

    name: str
    pid: int | None


def up(unpause: Iterable[str] = (), by_clock: bool = True) -> str:
    """Start what does not run yet, wait until every DAG asked for is known and on; gives the URL of the UI.

    Args:
        unpause: DAGs to switch on.
        by_clock: schedules start runs; False where only backfills and triggers should.

    Raises:
        LakeError: the port is taken, a service died, or a DAG cannot be parsed.
    """
    places, airflow = Places(settings()), AirflowSettings()
    variables = environment(places, airflow, by_clock)
    for folder in (places.home, places.logs, places.pids):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    stopped = down_services()
    _write_environment(places, variables)
    for name, port in airflow.ports.items():
        if name in stopped:
            must_be_free(port, "LAKE_AIRFLOW_PORT", f"Airflow's {name}")
    try:
        if stopped and not _is_prepared(places, airflow):
            _prepare(places, airflow, variables)
        for name in stopped:
            _start(places, name, variables)
        _wait_until_healthy(places)
        _switch_on(places, sorted(set(unpause)))
    except BaseException:
        _stop(places, stopped)
        raise
    return f"http://127.0.0.1:{airflow.port}"


def down() -> list[str]:
    """Stop all services and the tasks they run; gives the names of what was stopped."""
    places = Places(settings())
    running = [service.name for service in status() if service.pid is not None]
    _stop(places, running)
    return running


def down_services() -> list[str]:
    """Names of the services that do not run."""
    return [service.name for service in status() if service.pid is None]


def status() -> list[Service]:
    """All services of this lake home, with their processes."""
    places = Places(settings())
    found = ((name, _process(places, name)) for name in COMMANDS)
    return [Service(name, process.pid if process else None) for name, process in found]


@contextmanager
def running(unpause: Iterable[str] = (), by_clock: bool = True) -> Iterator[str]:
    """Airflow for the length of a block; what ran before stays up afterwards.

    Raises:
        LakeError: as `up`.
    """
    mine = all(service.pid is None for service in status())
    try:
        yield up(unpause, by_clock)
    finally:
        if mine:
            down()


def _write_environment(places: Places, variables: dict[str, str]) -> None:
    """The same settings for a person's own `airflow` command; readable by the owner only."""
    ours = {name: value for name, value in variables.items() if name.startswith(("AIRFLOW_", "LAKE_HOME"))}
    ours |= {name: variables[name] for name in ("PATH", "PYTHONPATH")}
    write_secret(places.environment, "".join(f"{name}={shlex.quote(value)}\n" for name, value in ours.items()))


def _prepare(places: Places, airflow: AirflowSettings, variables: dict[str, str]) -> None:
    arguments = ["--slots", str(airflow.parallelism)]
    if database_url(places).startswith("sqlite:///"):
        arguments += ["--database", str(places.database)]
    log = places.log_of("prepare")
    places.prepared.unlink(missing_ok=True)
    with log.open("wb") as output:
        done = subprocess.run(
            [sys.executable, "-m", "infra.airflow.prepare", *arguments],
            env=variables,
            cwd=PROJECT,
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if done.returncode != 0:
        raise LakeError(f"Airflow's database could not be prepared: {last_lines(log)}", f"read {log}")
    places.prepared.write_text(_preparation(airflow))


def _is_prepared(places: Places, airflow: AirflowSettings) -> bool:
    """The SQLite file is there, at this version and with this pool; a server's state is not ours to remember."""
    known = places.prepared.read_text() if places.prepared.exists() and places.database.exists() else None
    return database_url(places).startswith("sqlite:///") and known == _preparation(airflow)


def _preparation(airflow: AirflowSettings) -> str:
    return f"{version('apache-airflow')} {airflow.parallelism}"


def _start(places: Places, name: str, variables: dict[str, str]) -> None:
    with places.log_of(name).open("ab") as output:
        port = AirflowSettings().ports.get(name)
        process = subprocess.Popen(
            [sys.executable, "-m", "airflow", *COMMANDS[name], *(["--port", str(port)] if port else [])],
            env=variables,
            cwd=places.home,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            umask=PRIVATE,
        )
    born = psutil.Process(process.pid).create_time()
    (places.pids / name).write_text(json.dumps({"pid": process.pid, "born": born}))


def _process(places: Places, name: str) -> psutil.Process | None:
    """The service's process, told from a later one with its number by its time of birth."""
    try:
        known = json.loads((places.pids / name).read_text())
        process = psutil.Process(known["pid"])
        is_ours = process.create_time() == known["born"] and process.status() != psutil.STATUS_ZOMBIE
    except (FileNotFoundError, json.JSONDecodeError, psutil.NoSuchProcess):
        return None
    return process if is_ours else None


def _stop(places: Places, names: Iterable[str]) -> None:
    """End services and all below them: first politely, so that tasks are told, then by force."""
    found = {name: process for name in names if (process := _process(places, name))}
    family = [member for process in found.values() for member in (process, *process.children(recursive=True))]
    for process in found.values():
        _signal_group(process.pid, signal.SIGTERM)
    # The API servers have no work to finish, and take seconds to leave.
    impatient = [found.get(name) for name in ("api-server", "execution-api")]
    patient = [member for member in family if member not in impatient]
    psutil.wait_procs(patient, timeout=STOP_SECONDS)
    for process in found.values():
        _signal_group(process.pid, signal.SIGKILL)
    for member in family:
        with suppress(psutil.NoSuchProcess):
            member.kill()
    psutil.wait_procs(family, timeout=STOP_SECONDS)
    for name in names:
        (places.pids / name).unlink(missing_ok=True)


def _signal_group(pid: int, number: int) -> None:
    with suppress(ProcessLookupError):
        os.killpg(pid, number)


def _wait_until_healthy(places: Places) -> None:
    rest = Rest()
    deadline = time.monotonic() + START_SECONDS
    while not (_answers(AirflowSettings().execution_port) and rest.is_healthy()):
        dead = down_services()
        if dead or time.monotonic() > deadline:
            name = dead[0] if dead else "api-server"
            log = places.log_of(name)
            what = "ended at its start" if dead else f"is not ready after {START_SECONDS} s"
            raise LakeError(f"Airflow's {name} {what}: {last_lines(log)}", f"read {log}")
        time.sleep(0.25)


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _switch_on(places: Places, wanted: list[str]) -> None:
    """Wait until the DAGs are parsed, and unpause them."""
    rest = Rest()
    deadline = time.monotonic() + START_SECONDS
    missing = [dag_id for dag_id in wanted if not rest.unpause(dag_id)]
    while missing:
        errors = rest.import_errors()
        if errors:
            raise LakeError(f"a DAG file cannot be imported: {errors[0]}", "correct it; make test-unit says where")
        if time.monotonic() > deadline:
            raise LakeError(f"no DAG {', '.join(missing)}", f"read {places.log_of('dag-processor')}")
        time.sleep(0.25)
        missing = [dag_id for dag_id in missing if not rest.unpause(dag_id)]
