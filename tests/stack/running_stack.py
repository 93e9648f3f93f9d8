"""A stack of its own for one test run: real MinIO and PostgreSQL on free loopback ports, gone afterwards."""

import json
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from minio import Minio
from pydantic import SecretStr

from infra.stack import minio_server, postgres_server
from spark_jobs.base.settings import Settings
from tests.java_options import QUICK_JAVA
from tests.ports import free_port
from tests.warm_commands import warm

COMMAND = [sys.executable, "-m", "infra.lake", "stack"]


@dataclass(frozen=True)
class Stack:
    """What tests need of a running stack."""

    env: dict[str, str] = field(repr=False)
    """The content of stack.env: a process with these variables works on the stack."""
    settings: Settings
    source_owner_url: str = field(repr=False)
    """SQLAlchemy URL of the bureau's database for its owner; the pipeline's own URL only reads."""

    @property
    def home(self) -> Path:
        return self.settings.home

    def department(self, agency: str) -> dict[str, Any]:
        """The keys that a department was handed: `inbox` and `outbox`, each with bucket, prefix and keys."""
        found: dict[str, Any] = json.loads((self.home / "secrets" / "departments" / f"{agency}.json").read_text())
        return found

    def client(self, access_key: str, secret_key: str) -> Any:
        """A MinIO client for any key."""
        host = (self.settings.s3_endpoint or "").removeprefix("http://")
        return Minio(host, access_key=access_key, secret_key=secret_key, secure=False, region=self.settings.s3_region)

    def inbox_client(self, agency: str) -> Any:
        """A client with the department's write-only key."""
        keys = self.department(agency)["inbox"]
        return self.client(keys["access_key"], keys["secret_key"])

    def root_client(self) -> Any:
        """A client that may do everything: tests look with it at what others did, or play the operator."""
        ((user, secret),) = json.loads((self.home / "secrets" / "minio_root.json").read_text()).items()
        return self.client(user, secret)


@contextmanager
def running_stack() -> Iterator[Stack]:
    """Bring a stack up in a new LAKE_HOME, and take it down with all its data; it fails without Go."""
    if not minio_server.BINARY.exists() and shutil.which("go") is None:
        pytest.fail("MinIO is not built and there is no Go compiler to build it; install Go, which README.md asks for")
    if os.geteuid() != 0 and not postgres_server.is_installed():
        pytest.skip("PostgreSQL is not installed and installing it needs root: apt-get install postgresql")
    home = Path(tempfile.mkdtemp(prefix="lake-stack-"))
    env = {name: value for name, value in os.environ.items() if not name.startswith("LAKE_")}
    env |= {"LAKE_HOME": str(home), "LAKE_MINIO_PORT": str(free_port()), "LAKE_POSTGRES_PORT": str(free_port())}
    try:
        done = subprocess.run([*COMMAND, "up"], env=env, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        yield _opened(home)
    finally:
        subprocess.run([*COMMAND, "down"], env=env, capture_output=True, check=False)
        shutil.rmtree(home, ignore_errors=True)


def _opened(home: Path) -> Stack:
    lines = shlex.split((home / "stack.env").read_text())
    env = dict(line.split("=", 1) for line in lines)
    settings = Settings(
        profile="stack",
        home=home,
        s3_endpoint=env["LAKE_S3_ENDPOINT"],
        s3_access_key=env["LAKE_S3_ACCESS_KEY"],
        s3_secret_key=SecretStr(env["LAKE_S3_SECRET_KEY"]),
        control_url=env["LAKE_CONTROL_URL"],
        sources={"government_service": SecretStr(env["LAKE_SOURCES__GOVERNMENT_SERVICE"])},
    )
    return Stack(env, settings, (home / "secrets" / "source_government_service_owner.url").read_text())


@contextmanager
def commands_of(stack: Stack) -> Iterator[dict[str, str]]:
    """Variables of a process on the stack, whose commands start warm; a lake server would have a port of its own."""
    own = {"LAKE_CONNECT_PORT": str(free_port()), "LAKE_DRIVER_MEMORY": "3g"}
    made = {**os.environ, **stack.env, **own, "JDK_JAVA_OPTIONS": QUICK_JAVA}
    with warm(made):
        yield made


def start(env: dict[str, str], *arguments: str) -> subprocess.Popen[bytes]:
    """A `lake` command that runs beside others."""
    return subprocess.Popen([sys.executable, "-m", "infra.lake", *arguments], env=env)


def lake(env: dict[str, str], *arguments: str) -> str:
    """Output of a `lake` command."""
    command = [sys.executable, "-m", "infra.lake", *arguments]
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=900, check=False)
    assert done.returncode == 0, f"lake {' '.join(arguments)}\n{done.stdout}\n{done.stderr}"
    return done.stdout
