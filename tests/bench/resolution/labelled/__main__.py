"""`python -m tests.bench.resolution.labelled`: each set from nothing running, first spec, no weight fixed by hand.

Ours learns from the records that it resolves, but for the city's persons and firms, which have the project's models;
Splink as its manual sets it up, or as a careful user would. Seconds are those of the whole command.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from spark_jobs.base.settings import PROJECT
from tests.bench.resolution.labelled.sets import CACHE, Labelled, labelled

_PEERS_PYTHON = PROJECT / ".venv-bench" / "bin" / "python"
_COLUMNS = ("pair_f1", "pair_f1_best", "clustered_f1", "b3_f1", "blocking_recall", "estimated_blocking_recall")

console = Console(highlight=False, width=None if sys.stdout.isatty() else 160)


def main() -> None:
    """Run all, print a table, keep the figures."""
    table = Table("set", "engine", "records", *_COLUMNS, "seconds")
    kept = {}
    for each in labelled():
        for engine, command in (("ours", _ours(each)), ("Splink 5", _splink(each))):
            with console.status(f"{each.name}: {engine}"):
                figures = kept[f"{each.name} {engine}"] = _run(command)
            shown = [f"{figures[name]:.4f}" if figures.get(name) is not None else "–" for name in _COLUMNS]
            table.add_row(each.name, engine, f"{figures.get('records', 0):,}", *shown, f"{figures['wall']:.1f}")
    console.print(table)
    path = CACHE / "labelled.json"
    path.write_text(json.dumps(kept, indent=1, ensure_ascii=False), encoding="utf-8")
    console.print(f"all figures: {path}")


def _ours(of: Labelled) -> list[str]:
    files = [part for path in of.files for part in ("--records", str(path))]
    command = [sys.executable, "-m", "spark_jobs.cli", "evaluate", "--spec", str(of.spec), "--truth", str(of.truth)]
    return [*command, *files, "--json"]


def _splink(of: Labelled) -> list[str]:
    files = ["--records", str(of.joined), "--truth", str(of.truth)]
    return [str(_PEERS_PYTHON), "-m", "tests.bench.resolution.splink_peer", of.name, *files]


def _run(command: Sequence[str]) -> dict[str, Any]:
    """What it printed, and how long it took; where it failed, that alone, with a word."""
    env = {**os.environ, "PYTHONPATH": str(PROJECT), "LAKE_HOME": str(CACHE / "labelled_home")}
    Path(env["LAKE_HOME"]).mkdir(exist_ok=True)
    began = time.monotonic()
    done = subprocess.run(command, env=env, cwd=PROJECT, capture_output=True, text=True, check=False)
    wall = time.monotonic() - began
    if done.returncode:
        console.print(f"{' '.join(command[:6])} failed: {done.stderr[-1500:]}", markup=False)
        return {"wall": wall}
    return {**json.loads(done.stdout.strip().splitlines()[-1]), "wall": wall}


if __name__ == "__main__":
    main()
