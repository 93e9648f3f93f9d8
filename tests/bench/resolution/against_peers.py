"""Entity resolution of one generated city: ours, Splink 5 and GoldenMatch on the same files, in one run.

All are measured by one evaluator. Ours gives permanent ids and golden records besides; the peers' time ends with their
clusters. Records that are alike are put together before either peer sees them, which is faster for both. Peers run up
to a million records.
"""

import argparse
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from spark_jobs.lake.settings import PROJECT
from tests.city.mentions import generate_mentions

PEERS = {"Splink 5": "splink_peer", "GoldenMatch": "goldenmatch_peer"}
_MOST_ROWS_OF_PEERS = 1_000_000
_SEED = 1
_GIGABYTE = 1e9
_CACHE = PROJECT / ".lake" / "bench"
_ACCURACY = ("b3_f1", "clustered_f1", "pair_f1_best", "pair_precision", "pair_recall")

console = Console(highlight=False)


@dataclass(frozen=True)
class Measured:
    """One contestant's run."""

    name: str
    figures: dict[str, Any]
    """As `lake evaluate --json` prints them."""

    @property
    def per_core_second(self) -> float:
        """Records from the file to the answer."""
        return float(self.figures["records"]) / float(self.figures["seconds"]) / (os.cpu_count() or 1)

    @property
    def per_million_pairs(self) -> float:
        """CPU-seconds, end to end, for each million pairs scored."""
        return float(self.figures["cpu_seconds"]) / max(float(self.figures["pairs_scored"]), 1) * 1e6


def main() -> None:
    """Generate once, run all, print a table."""
    asked = _arguments()
    folder = _generated(asked.entity, asked.shape, asked.rows)
    runs = [] if asked.without_ours else [("ours", _our_command(asked.entity, folder))]
    if asked.rows <= _MOST_ROWS_OF_PEERS:
        runs += [
            (name, _peer_command(PEERS[name], asked.entity, folder)) for name in PEERS if name not in asked.without
        ]
    measured = []
    for name, command in runs:
        with console.status(name):
            figures = _run(name, command, asked.timeout)
        if figures:
            measured.append(Measured(name, figures))
    _keep(measured, folder)
    _print(measured)


def _arguments() -> argparse.Namespace:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rows", type=int, default=_MOST_ROWS_OF_PEERS)
    arguments.add_argument("--shape", choices=["register", "event"], default="register")
    arguments.add_argument("--entity", choices=["person", "legal_entity"], default="person")
    arguments.add_argument("--without", action="append", choices=list(PEERS), default=[], help="leave a peer out")
    arguments.add_argument("--without-ours", action="store_true", help="peers only")
    arguments.add_argument("--timeout", type=int, default=7200, help="seconds that each may take")
    return arguments.parse_args()


def _generated(entity: Any, shape: str, rows: int) -> Path:
    """The folder of the records, made if it is not there; it is named by the last file that is written."""
    folder = _CACHE / f"{entity}_{shape}_{rows}_{_SEED}"
    done = folder / "complete"
    if not done.exists():
        with console.status(f"generating {rows:,} records"):
            generate_mentions(entity, shape, rows, _SEED, folder)
        done.touch()
    size = (folder / "records.parquet").stat().st_size
    console.print(f"{entity}, {shape}: {rows:,} records, {size / 1e6:,.0f} MB of Parquet")
    return folder


def _our_command(entity: str, folder: Path) -> list[str]:
    spec = PROJECT / "expectations" / "entities" / f"{entity}.yml"
    return [sys.executable, "-m", "spark_jobs.cli", "evaluate", "--spec", str(spec), *_files(folder), "--json"]


def _peer_command(module: str, entity: str, folder: Path) -> list[str]:
    python = PROJECT / ".venv-bench" / "bin" / "python"
    return [str(python), "-m", f"tests.bench.resolution.{module}", entity, *_files(folder)]


def _files(folder: Path) -> list[str]:
    return ["--records", str(folder / "records.parquet"), "--truth", str(folder / "truth.parquet")]


def _run(name: str, command: list[str], timeout: int) -> dict[str, Any] | None:
    """What it printed; None, with a word, if it failed or took too long."""
    env = {**os.environ, "PYTHONPATH": str(PROJECT)}
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, cwd=PROJECT, env=env, timeout=timeout
        )
    except subprocess.TimeoutExpired:
        console.print(f"{name}: not done after {timeout:,} s")
        return None
    if done.returncode:
        console.print(f"{name} failed: {done.stderr[-2000:]}", markup=False)
        return None
    return _last_object(done.stdout)


def _last_object(text: str) -> dict[str, Any]:
    """The last JSON object of a program's output, on one line or on several."""
    start = max(text.rfind('\n{"'), text.rfind("\n{\n"), 0 if text.startswith("{") else -1)
    found: dict[str, Any] = json.loads(text[start:].strip())
    return found


def _keep(measured: list[Measured], folder: Path) -> None:
    figures = {m.name: m.figures for m in measured}
    (folder / "figures.json").write_text(json.dumps(figures, indent=1, ensure_ascii=False), encoding="utf-8")


def _print(measured: list[Measured]) -> None:
    table = Table(title="entity resolution, from file to clusters")
    headings = ("", "rec/core-s", "s", "CPU-s/M pairs", "M pairs", "peak GB", *_ACCURACY, "ours is")
    for heading in headings:
        table.add_column(heading, justify="right")
    for run in measured:
        table.add_row(*_row(run, measured[0]))
    console.print(table)


def _row(run: Measured, first: Measured) -> list[str]:
    figures = run.figures
    speed = [f"{run.per_core_second:,.0f}", f"{figures['seconds']:,.0f}", f"{run.per_million_pairs:,.1f}"]
    size = [f"{figures['pairs_scored'] / 1e6:,.2f}", f"{figures['peak_memory_bytes'] / _GIGABYTE:.2f}"]
    accuracy = [f"{figures[name]:.4f}" for name in _ACCURACY]
    ratio = f"{first.per_core_second / run.per_core_second:.1f} x" if first.name == "ours" != run.name else ""
    return [run.name, *speed, *size, *accuracy, ratio]


if __name__ == "__main__":
    main()
