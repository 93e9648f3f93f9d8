"""A MariaDB for one test run: a data folder and a port of its own on loopback, gone afterwards."""

import os
import pwd
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.ports import free_port

SERVER = Path("/usr/sbin/mariadbd")
OWNER = pwd.getpwuid(os.getuid()).pw_name
PASSWORD = "read it"
_SECONDS = 60


@dataclass(frozen=True)
class MariaDb:
    """A running server."""

    port: int

    def url(self, user: str = "reader", password: str = PASSWORD, database: str = "bureau") -> str:
        """What LAKE_SOURCES says of it."""
        door = f"{user}:{password.replace(' ', '%20')}@127.0.0.1:{self.port}"
        return f"mariadb+pymysql://{door}/{database}?charset=utf8mb4"


@contextmanager
def running(folder: Path) -> Iterator[MariaDb]:
    """A server with a database `bureau`, an owner `owner` of it, and `reader`, who may only read."""
    data, port = folder / "data", free_port()
    first = folder / "first.sql"
    users = {"owner": ("owns it", "all"), "reader": (PASSWORD, "select"), "blind": (PASSWORD, "insert")}
    statements = ["create database bureau character set utf8mb4;"]
    for user, (password, right) in users.items():
        statements.append(f"create user {user}@127.0.0.1 identified by '{password}';")
        statements.append(f"grant {right} on bureau.* to {user}@127.0.0.1;")
    # One statement a line is all that the server reads of it.
    first.write_text("\n".join([*statements, ""]))
    log = (folder / "mariadb.log").open("ab")
    make = ["mariadb-install-db", "--no-defaults", f"--datadir={data}", f"--user={OWNER}", "--skip-test-db"]
    subprocess.run(make, stdout=log, stderr=log, check=True)
    address = [f"--port={port}", "--bind-address=127.0.0.1", f"--socket={folder}/socket", f"--user={OWNER}"]
    small = [
        "--innodb-buffer-pool-size=16M",
        "--innodb-flush-log-at-trx-commit=0",
        "--sql-mode=",
        "--skip-name-resolve",
    ]
    plain = ["--sql-mode=", "--skip-name-resolve"]
    command = [str(SERVER), "--no-defaults", f"--datadir={data}", f"--init-file={first}", *address, *small, *plain]
    process = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        _wait(port, folder / "mariadb.log")
        yield MariaDb(port)
    finally:
        process.terminate()
        process.wait(_SECONDS)


def _wait(port: int, log: Path) -> None:
    for _ in range(_SECONDS * 10):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    pytest.fail(log.read_text())
