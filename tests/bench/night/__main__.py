"""`python -m tests.bench.night --contracts 60`: wall time and CPU-seconds of a night, all processes counted."""

import argparse
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from expectations.contract.feed import FeedContract
from spark_jobs.base.privacy import keep_private
from tests.bench.night.catalogue_tree import make_tree
from tests.bench.night.cpu_account import Account, account
from tests.ports import free_ports

DRIVER = Path(__file__).with_name("driver.py")


def main() -> None:
    """Measure, and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--contracts", type=int, default=60)
    parser.add_argument("--records", type=int, default=31_000, help="of the city of which each feed has its delivery")
    parser.add_argument("--keep", action="store_true", help="keep tree and home")
    given = parser.parse_args()
    keep_private()
    folder = Path(tempfile.mkdtemp(prefix="lake-night-"))
    try:
        with account() as counted:
            _measure(folder, given.contracts, given.records, counted)
    finally:
        if not given.keep:
            # Airflow's last process may still take its own files away.
            shutil.rmtree(folder, ignore_errors=True)


def _measure(folder: Path, contracts: int, records: int, counted: Account) -> None:
    feeds = make_tree(folder / "tree", contracts)
    environment = _environment(folder)
    delivered = _deliver(folder, feeds, records, environment)
    _say(f"{len(feeds)} contracts, {len(delivered)} with a delivery; {folder}")
    dags = json.dumps([feed.replace("/", "__") for feed in delivered])
    counts = folder / "counts"
    counts.mkdir()
    night = subprocess.Popen(
        [sys.executable, "-P", str(DRIVER), str(counts), dags], env=environment, cwd=folder / "tree"
    )
    moments = {moment: _seen(counts, moment, counted, night) for moment in ("begun", "ended")}
    status = night.wait()
    (begun, used_before), (ended, used_after) = moments["begun"], moments["ended"]
    wall, used, count = ended - begun, used_after - used_before, len(delivered)
    _say(f"wall {wall:.0f} s, CPU {used:.0f} s; a delivery {wall / count:.2f} s and {used / count:.2f} CPU-s")
    if not counted.is_complete:
        _say("no control group can be made: what had not ended yet is not counted")
    _say(f"deliveries by state: {_states(folder)}")
    _sweep(folder, environment, counted)
    sys.exit(status)


def _environment(folder: Path) -> dict[str, str]:
    return os.environ | {
        "LAKE_HOME": str(folder / "home"),
        "LAKE_AIRFLOW_PORT": str(free_ports(2)),
        "LAKE_REFINE_ENGINE": "sail",
        "PYTHONPATH": str(folder / "tree"),
    }


def _deliver(folder: Path, feeds: Mapping[str, FeedContract], records: int, environment: dict[str, str]) -> list[str]:
    """Put the delivery of each feed's original into the feed's inbox; returns the feeds that have one."""
    city = folder / "city"
    command = ["city", "--records", str(records), "--days", "1", "--out", str(city)]
    subprocess.run([sys.executable, "-m", "spark_jobs.cli", *command], env=environment, check=True, capture_output=True)
    return [feed for feed, original in feeds.items() if _copy(city, original.id, folder / "home" / "inbox" / feed)]


def _copy(city: Path, original: str, inbox: Path) -> bool:
    source = city / "inbox" / original
    if not source.is_dir():
        return False
    shutil.copytree(source, inbox)
    return True


def _seen(counts: Path, moment: str, counted: Account, night: subprocess.Popen[bytes]) -> tuple[float, float]:
    """Clock and account when the night comes to a moment."""
    while not (counts / moment).exists():
        if night.poll() is not None:
            sys.exit("the night ended early: see above")
        time.sleep(0.05)
    found = time.monotonic(), counted.seconds()
    (counts / f"{moment}.seen").touch()
    return found


def _states(folder: Path) -> dict[str, int]:
    with sqlite3.connect(folder / "home" / "control.db") as control:
        return dict(control.execute("select state, count(*) from delivery group by state"))


def _sweep(folder: Path, environment: dict[str, str], counted: Account) -> None:
    begun, used = time.monotonic(), counted.seconds()
    command = [sys.executable, "-m", "spark_jobs.cli", "sweep"]
    done = subprocess.run(command, env=environment, cwd=folder / "tree", capture_output=True, text=True, check=True)
    _say(
        f"sweep with nothing new: {time.monotonic() - begun:.1f} s, {counted.seconds() - used:.1f} CPU-s: "
        f"{done.stdout.strip()[:60]}"
    )


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
