"""Two workers at once, a lake server that dies, a full disk: one commit, one receipt, the same rows."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.e2e import files
from tests.e2e.conftest import Lake, running_lake
from tests.e2e.files import REGISTRY


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lake]:
    """A lake that is refined by its server: accidents are that server's."""
    with running_lake(tmp_path_factory.mktemp("accidents"), LAKE_REFINE_ENGINE="server") as made, made.warm():
        yield made


def deliver(lake: Lake, folder: Path, name: str, first: int) -> None:
    """Drop three rows, one of them broken."""
    rows = [files.registry_row(first + i) for i in range(3)]
    rows[1] = files.registry_row(first + 1, birth_date="00000000")
    lake.drop(REGISTRY, files.registry(folder, name, rows), name)


def states(lake: Lake, name: str) -> list[tuple[str, int | None]]:
    """State and accepted rows of the ledger rows of a file."""
    query = "select state, json_extract(receipt, '$.accepted') from delivery where object_key like ?"
    return [(str(state), accepted) for state, accepted in lake.ledger(query, f"%{name}")]


def receipts(lake: Lake, name: str) -> int:
    """How many receipts the outbox has for a file."""
    return len(list((lake.home / "outbox" / REGISTRY).rglob(f"{name}.*.receipt.json")))


def test_two_workers_on_one_feed_make_one_batch(lake: Lake, tmp_path: Path) -> None:
    name = "resident_registry_20260620.csv"
    deliver(lake, tmp_path, name, 30_000)
    command = [sys.executable, "-m", "spark_jobs.cli"]
    for step in ("collect", "refine"):
        both = [subprocess.Popen([*command, step, REGISTRY], env=lake.env, stderr=subprocess.DEVNULL) for _ in range(2)]
        assert [process.wait(timeout=900) for process in both] == [0, 0]
    assert states(lake, name) == [("committed", 2)]
    assert lake.findings() == ""


def test_killing_the_lake_server_during_refine_loses_nothing(lake: Lake, tmp_path: Path) -> None:
    name = "resident_registry_20260621.csv"
    rows = [files.registry_row(100_000 + i) for i in range(20_000)]
    lake.drop(REGISTRY, files.registry(tmp_path, name, rows), name)
    lake.run("collect", REGISTRY)
    before = shuffles(lake)
    refining = subprocess.Popen(
        [sys.executable, "-m", "spark_jobs.cli", "refine", REGISTRY], env=lake.env, stderr=subprocess.DEVNULL
    )
    while shuffles(lake) <= before and refining.poll() is None:
        time.sleep(0.02)
    os.kill(lake.server_process(), signal.SIGKILL)
    assert refining.wait(timeout=900) != 0, "refine was done before the server was killed"
    assert states(lake, name) == [("parsed", None)]
    lake.run("server", "up")
    lake.run("refine", REGISTRY)
    assert states(lake, name) == [("committed", 20_000)]
    assert receipts(lake, name) == 1
    assert lake.findings() == ""
    done = lake.versions()
    lake.run("refine", REGISTRY, "--from", "2026-06-21T00:00:00+08:00", "--to", "2026-06-22T00:00:00+08:00")
    assert lake.versions() == done


def shuffles(lake: Lake) -> set[Path]:
    """Files of the lake server's queries that are or were at work."""
    return set((lake.home / "spark-local").rglob("shuffle_*.data"))


def with_subfolders(folder: Path) -> None:
    """Make all subfolders that Spark keeps blocks in: it makes one when first needed and then takes it to be there."""
    for number in range(64):
        (folder / f"{number:02x}").mkdir(mode=0o700, exist_ok=True)


@pytest.fixture
def full_disk(lake: Lake) -> Iterator[Callable[[], None]]:
    """Spark's scratch folder on a disk without a byte left, until the function is called."""
    folder = max((lake.home / "spark-local").rglob("blockmgr-*"), key=lambda path: path.stat().st_mtime)
    with_subfolders(folder)
    mount = ["mount", "-t", "tmpfs", "-o", "size=256k", "scratch", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("mounting a small disk needs root")
    mounted = True

    def give_back() -> None:
        nonlocal mounted
        if mounted:
            subprocess.run(["umount", "-l", str(folder)], check=True)
        mounted = False

    with_subfolders(folder)
    with pytest.raises(OSError, match="No space left"), (folder / "filler").open("wb", buffering=0) as filler:
        while True:
            filler.write(bytes(4096))
    yield give_back
    give_back()


def test_a_full_disk_commits_nothing_and_is_named(lake: Lake, tmp_path: Path, full_disk: Callable[[], None]) -> None:
    name = "resident_registry_20260622.csv"
    deliver(lake, tmp_path, name, 31_000)
    lake.run("collect", REGISTRY)
    before = lake.versions()
    failed = lake.run("refine", REGISTRY, check=False)
    assert failed.returncode != 0
    assert "no space left on the disk" in failed.stderr
    assert lake.versions() == before
    assert states(lake, name) == [("parsed", None)]
    full_disk()
    lake.run("refine", REGISTRY)
    assert states(lake, name) == [("committed", 2)]
    assert receipts(lake, name) == 1
    assert lake.findings() == ""
