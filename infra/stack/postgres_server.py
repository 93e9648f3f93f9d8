"""PostgreSQL: a cluster of the stack's own, on loopback, with a password for every role."""

import os
import pwd
import shutil
import subprocess
from pathlib import Path
from typing import IO

import psycopg
from psycopg import sql

from infra.stack.places import Places, port
from spark_jobs.base.errors import LakeError
from spark_jobs.base.secret_files import remembered_secrets, write_secret

PREFERRED_PORT = 15432
SUPERUSER = "postgres"
DATABASES = ("control", "catalogue", "source_government_service", "airflow")
"""Each is owned by a role of its name."""
SOURCE = "source_government_service"
SOURCE_READER = "lake_source_reader"


def find() -> Path:
    """The folder of initdb and pg_ctl; installs Debian's package where that is possible.

    Raises:
        LakeError: PostgreSQL is missing and cannot be installed from here.
    """
    found = _found()
    if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
        env = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        for command in (["apt-get", "update", "-q"], ["apt-get", "install", "-y", "-q", "postgresql"]):
            subprocess.run(command, env=env, capture_output=True, check=False)
        found = _found()
    if found is None:
        raise LakeError(
            "PostgreSQL's server programs (initdb, pg_ctl) are missing",
            "install the package postgresql, then: lake stack up",
        )
    return found


def is_installed() -> bool:
    """Whether the server programs are here already."""
    return _found() is not None


def up(places: Places) -> None:
    """Start the cluster, made at the first time, if it is not running.

    Raises:
        LakeError: it cannot be made or started; the text names the log or the folder.
    """
    if not (_data(places) / "PG_VERSION").exists():
        _make_cluster(places, passwords(places)[SUPERUSER])
    if not is_running(places):
        options = f"-c listen_addresses=127.0.0.1 -c port={_port(places)} -c unix_socket_directories=''"
        log = _log_file(places)
        _run(places, "pg_ctl", "start", "-w", "-t", "300", "-l", str(log), "-o", options, "-D", str(_data(places)))


def passwords(places: Places) -> dict[str, str]:
    """The password of each role."""
    return remembered_secrets(places.secrets / "postgres.json", (SUPERUSER, SOURCE_READER, *DATABASES))


def set_up(places: Places) -> None:
    """Make databases and roles in a running cluster, or leave them as they are."""
    of_role = passwords(places)
    with _connected(places, of_role, "postgres") as connection:
        for role in (*DATABASES, SOURCE_READER):
            _make_role(connection, role, of_role[role])
        for name in DATABASES:
            _make_database(connection, name)
    with _connected(places, of_role, SOURCE) as connection:
        _let_read(connection)


def down(places: Places) -> bool:
    """Stop the cluster; False if it was not running."""
    if not is_running(places):
        return False
    _run(places, "pg_ctl", "stop", "-w", "-m", "fast", "-D", str(_data(places)))
    return True


def is_running(places: Places) -> bool:
    """Whether this stack's cluster is up."""
    found = _found()
    if found is None or not (_data(places) / "PG_VERSION").exists():
        return False
    return _as_server_user([str(found / "pg_ctl"), "status", "-D", str(_data(places))], subprocess.DEVNULL) == 0


def url(places: Places, role: str, password: str, database: str | None = None) -> str:
    """The SQLAlchemy URL of a database for a role; its own database by default."""
    return f"postgresql+psycopg://{role}:{password}@127.0.0.1:{_port(places)}/{database or role}"


def _found() -> Path | None:
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda one: -int(float(one.parent.name)))
    on_path = shutil.which("initdb")
    if shutil.which("pg_config"):
        asked = subprocess.run(["pg_config", "--bindir"], capture_output=True, text=True, check=False)
        folders.append(Path(asked.stdout.strip()))
    if on_path:
        folders.append(Path(on_path).resolve().parent)
    return next((folder for folder in folders if (folder / "initdb").exists() and (folder / "pg_ctl").exists()), None)


def _make_cluster(places: Places, password: str) -> None:
    data, password_file = _data(places), places.state / "initdb.password"
    _require_passage(data)
    data.mkdir(mode=0o700, exist_ok=True)
    write_secret(password_file, password)
    try:
        for path in (data, password_file):
            _give_to_server_user(path)
        settings = ["-U", SUPERUSER, "-A", "scram-sha-256", "--encoding=UTF8", "--locale=C", "--data-checksums"]
        _run(places, "initdb", "-D", str(data), f"--pwfile={password_file}", *settings)
    finally:
        password_file.unlink()


def _make_role(connection: psycopg.Connection, role: str, password: str) -> None:
    has_role = connection.execute("select 1 from pg_roles where rolname = %s", (role,)).fetchone()
    verb = sql.SQL("alter role" if has_role else "create role")
    change = sql.SQL("{} {} login password {}").format(verb, sql.Identifier(role), sql.Literal(password))
    connection.execute(change)


def _make_database(connection: psycopg.Connection, name: str) -> None:
    if connection.execute("select 1 from pg_database where datname = %s", (name,)).fetchone():
        return
    connection.execute(sql.SQL("create database {0} owner {0}").format(sql.Identifier(name)))
    connection.execute(sql.SQL("revoke connect on database {} from public").format(sql.Identifier(name)))


def _let_read(connection: psycopg.Connection) -> None:
    """The pipeline reads the bureau's tables, present and to come, and can change none."""
    reader, owner = sql.Identifier(SOURCE_READER), sql.Identifier(SOURCE)
    for grant in (
        "grant connect on database {owner} to {reader}",
        "alter role {reader} set default_transaction_read_only = on",
        "grant select on all tables in schema public to {reader}",
        "alter default privileges for role {owner} in schema public grant select on tables to {reader}",
    ):
        connection.execute(sql.SQL(grant).format(reader=reader, owner=owner))


def _connected(places: Places, of_role: dict[str, str], database: str) -> psycopg.Connection:
    return psycopg.connect(
        host="127.0.0.1",
        port=_port(places),
        user=SUPERUSER,
        password=of_role[SUPERUSER],
        dbname=database,
        autocommit=True,
    )


def _run(places: Places, program: str, *arguments: str) -> None:
    # To a file: the server that pg_ctl leaves behind would hold a pipe open.
    with (places.logs / "postgres_setup.log").open("ab") as log:
        exit_status = _as_server_user([str(find() / program), *arguments], log)
    if exit_status != 0:
        raise LakeError(f"{program} failed", f"read {log.name} and {_log_file(places)}")


def _as_server_user(command: list[str], output: IO[bytes] | int) -> int:
    """The exit status of a server program, run as the user postgres if we are root, which PostgreSQL refuses."""
    user = "postgres" if os.geteuid() == 0 else None
    groups: list[str] | None = [] if user else None
    return subprocess.run(
        command, cwd="/", stdout=output, stderr=output, user=user, group=user, extra_groups=groups, check=False
    ).returncode


def _give_to_server_user(path: Path) -> None:
    if os.geteuid() == 0:
        user = pwd.getpwnam("postgres")
        os.chown(path, user.pw_uid, user.pw_gid)


def _require_passage(data: Path) -> None:
    closed = [folder for folder in data.parents if not folder.stat().st_mode & 0o001]
    if os.geteuid() == 0 and closed:
        raise LakeError(
            f"PostgreSQL's user cannot pass through {closed[-1]}", "choose another LAKE_HOME, or chmod o+x it"
        )


def _log_file(places: Places) -> Path:
    log = places.state / "postgres.log"
    if not log.exists():
        log.touch(mode=0o600)
        _give_to_server_user(log)
    return log


def _port(places: Places) -> int:
    return port(places, "postgres", PREFERRED_PORT)


def _data(places: Places) -> Path:
    return places.state / "pg"
