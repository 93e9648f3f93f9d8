"""A whole embedded lake for the stories: its own home and ports, the real server, the real command."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from deltalake import DeltaTable

from spark_jobs.base.settings import PROJECT
from tests.java_options import INTERPRETED, QUICK_JAVA
from tests.ports import free_port
from tests.warm_commands import warm

pytest.register_assert_rewrite("tests.e2e.kills.story")

SHARED = PROJECT.parent / "shared"


@dataclass(frozen=True)
class Lake:
    """A lake home and the `lake` command on it."""

    home: Path
    env: dict[str, str]
    project: Path = PROJECT
    """The tree of source that it runs."""

    def run(self, *arguments: str, check: bool = True, **env: str) -> subprocess.CompletedProcess[str]:
        """Run `lake` with these arguments."""
        done = subprocess.run(
            [sys.executable, "-m", "infra.lake", *arguments],
            env={**self.env, "PYTHONPATH": str(self.project), **env},
            cwd=self.project,
            capture_output=True,
            text=True,
            timeout=1500,
            check=False,
        )
        if check and done.returncode != 0:
            raise AssertionError(f"lake {' '.join(arguments)}: {done.returncode}\n{done.stdout}\n{done.stderr}")
        return done

    def warm(self) -> AbstractContextManager[None]:
        """With a resident process that has the imports done: for many commands, one after the other."""
        return warm(self.env, self.project)

    @contextmanager
    def bureaus(self, *faults: str) -> Iterator[None]:
        """The servers of the city's bureaus, each with its faults, as `lake city serve --fault` takes them."""
        options = [each for fault in faults for each in ("--fault", fault)]
        command = [sys.executable, "-m", "spark_jobs.cli", "city", "serve", "--city", str(self.home), *options]
        with subprocess.Popen(command, env=self.env, stdout=subprocess.PIPE, text=True) as serving:
            assert serving.stdout is not None
            assert any(line.startswith("feeds that are fetched") for line in serving.stdout)
            yield
            serving.terminate()
            assert serving.wait(60) == 0

    def receive(self, feed: str, *files: Path, business_date: str | None = None) -> list[dict[str, Any]]:
        """Receipts of files handed in."""
        dated = ["--business-date", business_date] if business_date else []
        done = self.run("receive", *map(str, files), "--feed", feed, "--json", *dated)
        return list(json.loads(done.stdout))

    def sql(self, text: str) -> list[dict[str, Any]]:
        """Rows of a query."""
        return list(json.loads(self.run("sql", text, "--unverified", "--format", "json").stdout))

    def drop(self, feed: str, source: Path, name: str, modified: float = 1_760_000_000) -> Path:
        """Put a file into the department's inbox, as if it had been there for long."""
        folder = self.home / "inbox" / feed
        folder.mkdir(parents=True, exist_ok=True)
        target = folder / name
        shutil.copyfile(source, target)
        os.utime(target, (modified, modified))
        return target

    @contextmanager
    def held_back(self, feed: str) -> Iterator[None]:
        """Within the block the newest file of a feed that is dropped has not come yet."""
        inbox = self.home / "inbox" / feed
        last = max(path.name.partition(".")[0] for path in inbox.iterdir())
        aside = self.home.with_name(f"{self.home.name}-{feed.replace('/', '-')}")
        aside.mkdir()
        for path in list(inbox.glob(f"{last}.*")):
            path.rename(aside / path.name)
        yield
        for path in list(aside.iterdir()):
            path.rename(inbox / path.name)
        aside.rmdir()

    def ledger(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Rows of the control database."""
        with sqlite3.connect(self.home / "control.db") as control:
            return control.execute(query, values).fetchall()

    def versions(self) -> dict[str, int]:
        """Newest version of every Delta table."""
        logs = (self.home / "lake").glob("*/*/_delta_log")
        return {str(log.parent.relative_to(self.home)): DeltaTable(str(log.parent)).version() for log in logs}

    def has_server(self) -> bool:
        """A lake server was started and not ended by a command."""
        return (self.home / "lake-server.pid.json").exists()

    def server_process(self) -> int:
        """Process id of the lake server's JVM."""
        return int(json.loads((self.home / "lake-server.pid.json").read_text())["jvm_pid"])

    def findings(self) -> str:
        """What the audit of the accounting invariants found; empty where all holds."""
        done = self.run("audit", check=False)
        return "" if done.returncode == 0 else done.stdout


def lake_environment(home: Path, java_options: str = "") -> dict[str, str]:
    """The environment of a lake at `home`, with ports of its own and nothing of this machine's lake.

    Args:
        home: where the lake is.
        java_options: more options of the server's Java, such as Spark settings as `-Dspark.…`.
    """
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("LAKE_")},
        "LAKE_HOME": str(home),
        "LAKE_LINEAGE_FOLDER": os.environ["LAKE_LINEAGE_FOLDER"],
        "LAKE_CONNECT_PORT": str(free_port()),
        "LAKE_DRIVER_MEMORY": "3g",
        "JDK_JAVA_OPTIONS": f"{QUICK_JAVA} {java_options}".rstrip(),
    }


@contextmanager
def running_lake(home: Path, java_options: str = "", project: Path = PROJECT, **env: str) -> Iterator[Lake]:
    """An embedded lake in a folder, with its server up; `project` is the tree of source that it runs."""
    made = Lake(home, lake_environment(home, java_options) | env, project)
    made.run("server", "up")
    try:
        yield made
    finally:
        made.run("server", "down", check=False)


@contextmanager
def resting_lake(home: Path, project: Path = PROJECT, **env: str) -> Iterator[Lake]:
    """An embedded lake in which nothing runs between two commands, unless a command starts it."""
    made = Lake(home, lake_environment(home, INTERPRETED) | env, project)
    try:
        yield made
    finally:
        if made.has_server():
            made.run("server", "down", check=False)


@pytest.fixture(scope="session")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lake]:
    """A lake for the whole ring, whose commands start warm; no server runs."""
    with resting_lake(tmp_path_factory.mktemp("lake")) as made, made.warm():
        yield made
