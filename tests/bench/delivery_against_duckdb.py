"""One GB18030 delivery to a validated, typed table with quarantine: ours, full accounting on, against DuckDB.

DuckDB reads no GB18030, so its time includes `iconv`. It writes no landing copy, no bronze, no receipt, and counts
nothing twice; ours does all of that. Our lake server is up and has refined a delivery of WARM_UP_ROWS before, as at
night, so that the start of a JVM and of its compiler is not in our time. The feed's contract is copied and allows as
many rows as the delivery has: what comes to more than it says is rejected.
"""

import argparse
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import duckdb
import psutil
from rich.console import Console
from rich.table import Table

from spark_jobs.base.settings import PROJECT
from tests.bench.delivery_of_registry import BUSINESS_DATE, write_registry
from tests.bench.source_copy import copy_source

FEED = "public_security/resident_registry"
WARM_UP_ROWS = 25_000
"""Enough to take the same way through refine as the delivery that is measured."""
console = Console(highlight=False, width=None if sys.stdout.isatty() else 180)


@dataclass(frozen=True)
class Measured:
    """One contestant's run."""

    name: str
    seconds: float
    peak_memory: int
    """Bytes of resident memory, all processes of the contestant together."""
    accepted: int
    quarantined: int


def main() -> None:
    """Run both and print rows per second, peak memory and the ratio."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rows", type=int, default=5_000_000)
    rows = arguments.parse_args().rows
    with tempfile.TemporaryDirectory(prefix="lake-bench-") as name:
        folder = Path(name)
        delivery = folder / "resident_registry_20261102.csv"
        with console.status(f"generating {rows:,} rows"):
            write_registry(rows, delivery)
        console.print(f"delivery: {rows:,} rows, {delivery.stat().st_size / 1e6:,.0f} MB, GB18030")
        with console.status("DuckDB"):
            peer = _duckdb(delivery, folder)
        with console.status("ours"):
            copy_source(source := folder / "source")
            _allow(rows, source / "expectations" / "feeds" / f"{FEED}.yml")
            ours = _ours(delivery, folder / "lake", source)
    _print(rows, ours, peer)


def _duckdb(delivery: Path, folder: Path) -> Measured:
    """In a process of its own, so that its memory is its own."""
    out = folder / "duckdb"
    out.mkdir()
    start = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.delivery_against_duckdb_peer", str(delivery), str(out), f"{BUSINESS_DATE}"],
        capture_output=True,
        text=True,
        check=True,
        cwd=PROJECT,
    )
    seconds = time.monotonic() - start
    silver, quarantine = (
        int(duckdb.sql(f"select count(*) from '{out}/{table}.parquet'").fetchall()[0][0])
        for table in ("silver", "quarantine")
    )
    shutil.rmtree(out)
    return Measured("DuckDB", seconds, int(done.stdout.split()[-1]), silver, quarantine)


def _allow(rows: int, contract: Path) -> None:
    text, changed = re.subn(r"(?m)^(  rows: \{min: \d+, max: )\d+", rf"\g<1>{rows}", contract.read_text("utf-8"))
    if changed != 1:
        raise SystemExit(f"{contract}: does not say how many rows a delivery has at most as this benchmark expects it")
    contract.write_text(text, "utf-8")


def _ours(delivery: Path, home: Path, source: Path) -> Measured:
    told = {"LAKE_HOME": str(home), "LAKE_CONNECT_PORT": "15392", "PYTHONPATH": str(source)}
    env = os.environ | told
    _lake(env, "server", "up")
    try:
        warm_up = home / "warm_up.csv"
        write_registry(WARM_UP_ROWS, warm_up)
        # The day before: of a month before, all rows would be rejected for changes after their business date.
        _drop(home, warm_up, "resident_registry_20261101.csv")
        _lake(env, "collect", FEED)
        _lake(env, "refine", FEED)
        _drop(home, delivery, delivery.name)
        keeper = next(p for p in psutil.process_iter(["cmdline"]) if _is_keeper(p, home))
        with _Peak(keeper) as peak:
            start = time.monotonic()
            _lake(env, "collect", FEED)
            collected = time.monotonic()
            _lake(env, "refine", FEED)
            seconds = time.monotonic() - start
        console.print(f"ours: collect {collected - start:.1f} s, refine {seconds - collected + start:.1f} s")
        receipt = _receipt(env)
        return Measured("ours", seconds, peak.bytes, receipt["accepted"], receipt["quarantined"])
    finally:
        _lake(env, "server", "down")


def _lake(env: dict[str, str], *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-P", "-m", "spark_jobs.cli", *arguments], env=env, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"lake {' '.join(arguments)}: {done.stderr}")
    return done.stdout


def _drop(home: Path, source: Path, name: str) -> None:
    folder = home / "inbox" / FEED
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / name
    os.link(source, target)
    os.utime(target, (1_760_000_000, 1_760_000_000))


def _receipt(env: dict[str, str]) -> dict[str, int]:
    import json

    receipts = json.loads(_lake(env, "receipts", "--feed", FEED, "--json", "--limit", "1"))
    return dict(receipts[0])


def _is_keeper(process: psutil.Process, home: Path) -> bool:
    command = process.info["cmdline"] or []
    return "spark_jobs.lake.server.keeper" in command and process.environ().get("LAKE_HOME") == str(home)


class _Peak:
    """Highest resident memory of the lake server and of this program's children together."""

    def __init__(self, keeper: psutil.Process) -> None:
        self.bytes = 0
        self._roots = [keeper, psutil.Process()]
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> "_Peak":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._stop.wait(0.25):
            total = 0
            for root in self._roots:
                for process in root.children(recursive=True):
                    try:
                        total += process.memory_info().rss
                    except psutil.NoSuchProcess:
                        continue
            self.bytes = max(self.bytes, total)


def _print(rows: int, ours: Measured, peer: Measured) -> None:
    table = Table(title=f"{rows:,} rows to a validated, typed table with quarantine")
    for name in ("", "seconds", "rows per second", "peak memory", "accepted", "quarantined"):
        table.add_column(name, justify="right")
    for run in (ours, peer):
        per_second = f"{rows / run.seconds:,.0f}"
        table.add_row(
            run.name,
            f"{run.seconds:.1f}",
            per_second,
            f"{run.peak_memory / 1e9:.2f} GB",
            f"{run.accepted:,}",
            f"{run.quarantined:,}",
        )
    console.print(table)
    console.print(f"ratio: ours / DuckDB = {ours.seconds / peer.seconds:.2f} (1.2 or less is the bar)")


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    main()
