"""Start, stop and look at the stack below LAKE_HOME: MinIO and PostgreSQL."""

import fcntl
import shlex
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from rich.console import Console

from expectations.contract.catalogue import FEEDS
from infra.stack import access, minio_server, postgres_server
from infra.stack.places import Places, port
from spark_jobs.base.secret_files import write_secret
from spark_jobs.base.settings import Settings

T = TypeVar("T")
console = Console(highlight=False, soft_wrap=True)


def up(running: bool) -> None:
    """Start MinIO and PostgreSQL with their buckets, keys and databases, and write LAKE_HOME/stack.env.

    Args:
        running: the servers run already, as containers.

    Raises:
        LakeError: a program is missing or a server does not start.
    """
    with _alone() as places:
        if not running:
            _step("MinIO binary", minio_server.build)
            _step("PostgreSQL programs", postgres_server.find)
            _step("MinIO", lambda: minio_server.up(places))
            _step("PostgreSQL", lambda: postgres_server.up(places))
        pipeline = _step("buckets and keys", lambda: access.set_up(places, agencies()))
        _step("databases and roles", lambda: postgres_server.set_up(places))
        _write_environment(places, pipeline)
    console.print(f"load its settings: set -a; . {shlex.quote(str(places.environment))}; set +a")


def prepare() -> None:
    """Write ports and secrets for infra/compose.yaml, and LAKE_HOME/stack/compose.env that names them."""
    with _alone() as places:
        password = postgres_server.passwords(places)[postgres_server.SUPERUSER]
        write_secret(places.secrets / "postgres.password", password)
        settings = {
            "LAKE_MINIO_MODULE": minio_server.MODULE,
            "LAKE_MINIO_PORT": port(places, "minio", minio_server.PREFERRED_PORT),
            "LAKE_MINIO_ENV": minio_server.write_settings(places),
            "LAKE_POSTGRES_PORT": port(places, "postgres", postgres_server.PREFERRED_PORT),
            "LAKE_POSTGRES_PASSWORD": places.secrets / "postgres.password",
        }
        target = places.state / "compose.env"
        write_secret(target, "".join(f"{name}={value}\n" for name, value in settings.items()))
    console.print(f"docker compose --env-file {shlex.quote(str(target))} -f infra/compose.yaml up -d --wait")


def down() -> None:
    """Stop both servers; their data stays."""
    with _alone() as places:
        for name, server in (("MinIO", minio_server), ("PostgreSQL", postgres_server)):
            console.print(f"{name}: {'stopped' if server.down(places) else 'was not running'}")


def status() -> dict[str, int | None]:
    """The loopback port of each server, None where it does not run."""
    places = Places(Settings().home.absolute())
    is_up = {
        "minio": minio_server.running_pid(places) is not None,
        "postgres": postgres_server.is_running(places),
    }
    return {service: port(places, service, 0) if up else None for service, up in is_up.items()}


def agencies() -> list[str]:
    """The departments that have a contract."""
    return sorted({path.parent.name for path in FEEDS.glob("*/*.yml")})


def environment(places: Places, pipeline: dict[str, str]) -> dict[str, str]:
    """The settings of the stack profile, as LAKE_* variables; the root secret is not among them."""
    reader, passwords = postgres_server.SOURCE_READER, postgres_server.passwords(places)
    return {
        "LAKE_PROFILE": "stack",
        "LAKE_HOME": str(places.home),
        "LAKE_S3_ENDPOINT": minio_server.endpoint(places),
        "LAKE_S3_ACCESS_KEY": access.PIPELINE,
        "LAKE_S3_SECRET_KEY": pipeline[access.PIPELINE],
        "LAKE_S3_REGION": access.REGION,
        "LAKE_CONTROL_URL": postgres_server.url(places, "control", passwords["control"]),
        "LAKE_SOURCES__GOVERNMENT_SERVICE": postgres_server.url(
            places, reader, passwords[reader], postgres_server.SOURCE
        ),
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": postgres_server.url(places, "airflow", passwords["airflow"]),
    }


def _write_environment(places: Places, pipeline: dict[str, str]) -> None:
    lines = [f"{name}={shlex.quote(value)}\n" for name, value in environment(places, pipeline).items()]
    write_secret(places.environment, "".join(lines))
    owner = postgres_server.url(
        places, postgres_server.SOURCE, postgres_server.passwords(places)[postgres_server.SOURCE]
    )
    write_secret(places.secrets / "source_government_service_owner.url", owner)


def _step(name: str, act: Callable[[], T]) -> T:
    started = time.monotonic()
    done = act()
    console.print(f"[green]✓[/] {time.monotonic() - started:6.1f} s  {name}")
    return done


@contextmanager
def _alone() -> Iterator[Places]:
    """The places of this stack; whoever else starts or stops it waits."""
    places = Places(Settings().home.absolute())
    places.prepare()
    with Path(places.state / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield places
