"""Each format's delivery into Parquet of texts: ours, both counters and byte ranges on, beside what else reads it.

Both write the same kind of file; ours has five columns of provenance more. Each run is a process of its own. Rates are
of processor time, the median of several runs in turn, for one and the same run takes up to a third more or less;
seconds by the clock stand beside it (DuckDB's are of two threads, while we decode two deliveries at once).
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from rich.console import Console
from rich.table import Table

from spark_jobs.base.settings import PROJECT
from spark_jobs.intake.child.connection import ENVIRONMENT
from tests.bench.intake.delivery import contract, write
from tests.bench.intake.peers import FORMS

BAR = 0.7
console = Console(highlight=False, width=None if sys.stdout.isatty() else 160)


class Run(NamedTuple):
    """What one run took."""

    seconds: float
    processor: float
    memory: int
    rows: int


def main() -> None:
    """Run all forms, or those that are named, and print their rates."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rows", type=int, default=400_000)
    arguments.add_argument("--form", action="append", choices=sorted(FORMS))
    arguments.add_argument("--times", type=int, default=5, help="runs of each, in turn")
    given = arguments.parse_args()
    table = Table(title=f"up to {given.rows:,} rows into Parquet of texts, accounting on")
    for name in ("", "MB", "MB/s", "rows/s", "s", "memory", "peer", "MB/s", "s", "memory", "ours/peer", ""):
        table.add_column(name, justify="right")
    with tempfile.TemporaryDirectory(prefix="lake-bench-") as name:
        for form in given.form or FORMS:
            table.add_row(*_compared(form, int(given.rows * FORMS[form].share), Path(name), given.times))
    console.print(table)


def _compared(form: str, rows: int, folder: Path, times: int) -> list[str]:
    tried = FORMS[form]
    of = contract(tried.options, tried.sources)
    path = folder / f"delivery{of.layout.suffixes[0]}"
    write(path, of, rows)
    size = path.stat().st_size / 1e6
    contestants = ("ours", "peer") if tried.read else ("ours",)
    turns = [[_run(who, form, path, folder) for who in contestants] for _ in range(times)]
    ours, *peers = (_median(runs) for runs in zip(*turns, strict=True))
    found = [
        form,
        f"{size:,.0f}",
        f"{size / ours.processor:,.1f}",
        f"{ours.rows / ours.processor:,.0f}",
        f"{ours.seconds:.1f}",
        f"{ours.memory >> 20} MiB",
        tried.peer,
    ]
    if not peers:
        return found
    (peer,) = peers
    if peer.rows != ours.rows:
        raise SystemExit(f"{form}: {ours.rows} rows are ours, {peer.rows} the peer's")
    ratio = peer.processor / ours.processor
    return [
        *found,
        f"{size / peer.processor:,.1f}",
        f"{peer.seconds:.1f}",
        f"{peer.memory >> 20} MiB",
        f"{ratio:.2f}",
        "" if ratio >= BAR else f"below {BAR}",
    ]


def _median(runs: Sequence[Run]) -> Run:
    """The run that took the middle of all processor times, or the slower one of two such."""
    return sorted(runs, key=lambda run: run.processor)[len(runs) // 2]


def _run(who: str, form: str, path: Path, folder: Path) -> Run:
    command = [sys.executable, "-m", "tests.bench.intake.run", who, form, str(path), str(folder / "out.parquet")]
    # Ours as in the process that decodes; the peer as it comes.
    env = os.environ | (ENVIRONMENT if who == "ours" else {})
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=PROJECT, env=env)
    if done.returncode:
        raise SystemExit(f"{form}, {who}: {done.stderr}")
    return Run(*json.loads(done.stdout.splitlines()[-1]))


if __name__ == "__main__":
    main()
