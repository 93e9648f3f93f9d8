"""Each format's delivery into Parquet of texts: ours, both counters and byte ranges on, beside what else reads it.

Both write the same kind of file; ours has five columns of provenance more. Each run is a process of its own. Rates are
of processor time, which other work on the machine changes little; seconds by the clock stand beside it (DuckDB's are of
two threads, while we decode two deliveries at once).
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
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
    given = arguments.parse_args()
    table = Table(title=f"up to {given.rows:,} rows into Parquet of texts, accounting on")
    for name in ("", "MB", "MB/s", "rows/s", "s", "memory", "peer", "MB/s", "s", "memory", "ours/peer", ""):
        table.add_column(name, justify="right")
    with tempfile.TemporaryDirectory(prefix="lake-bench-") as name:
        for form in given.form or FORMS:
            table.add_row(*_compared(form, int(given.rows * FORMS[form].share), Path(name)))
    console.print(table)


def _compared(form: str, rows: int, folder: Path) -> list[str]:
    tried = FORMS[form]
    of = contract(tried.options, tried.sources)
    path = folder / f"delivery{of.layout.suffixes[0]}"
    write(path, of, rows)
    size = path.stat().st_size / 1e6
    ours = _run("ours", form, path, folder)
    found = [
        form,
        f"{size:,.0f}",
        f"{size / ours.processor:,.1f}",
        f"{ours.rows / ours.processor:,.0f}",
        f"{ours.seconds:.1f}",
        f"{ours.memory >> 20} MiB",
        tried.peer,
    ]
    if tried.read is None:
        return found
    peer = _run("peer", form, path, folder)
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
