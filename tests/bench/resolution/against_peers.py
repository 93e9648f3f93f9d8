"""Entity resolution of one generated city: ours, Splink 5 and GoldenMatch on the same files, in one run.

All are measured by one evaluator, from the file to clusters; ours besides from deliveries to ids, golden records and
events, and in an increment. Splink runs twice: on the records as they are, and after records that are alike were put
together for it, as our engine does for itself; GoldenMatch has them put together too. Peers run up to a million
records.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from rich.console import Console

from spark_jobs.base.settings import PROJECT
from tests.bench.resolution.labelled.sets import CACHE, PUBLIC, generated, public_set
from tests.bench.resolution.tables import MILLION, Measured, show

PEERS = {
    "Splink 5": ("splink_peer",),
    "Splink 5, collapsed": ("splink_peer", "--collapse"),
    "GoldenMatch": ("goldenmatch_peer",),
}
"""Module and options of each."""
_NOTHING_REPEATS = {"Splink 5, collapsed"}
"""Peers that public sets leave nothing to do for: no record of theirs repeats another."""
_MOST_ROWS_OF_PEERS = 1_000_000
_PORTS = {"LAKE_CONNECT_PORT": "15394"}
"""Those of a lake server that no other work shares."""

console = Console(highlight=False, width=None if sys.stdout.isatty() else 180)


def main() -> None:
    """Generate once, run all, print a table."""
    asked = _arguments()
    folder, files = _files_of(asked.entity, asked.shape, asked.rows)
    measured = [] if asked.without_ours else _ours(asked, files)
    if asked.entity in PUBLIC or asked.rows <= _MOST_ROWS_OF_PEERS:
        left_out = {*asked.without, *(_NOTHING_REPEATS if asked.entity in PUBLIC else ())}
        for name in [name for name in PEERS if name not in left_out]:
            measured += _run(name, _peer_command(*PEERS[name], kind=asked.entity, files=files), asked.timeout, {})
    _keep(measured, folder)
    show(measured, console)


def _arguments() -> argparse.Namespace:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rows", type=int, default=_MOST_ROWS_OF_PEERS)
    arguments.add_argument("--shape", choices=["register", "event"], default="register")
    arguments.add_argument("--entity", choices=["person", "legal_entity", *PUBLIC], default="person")
    arguments.add_argument("--spec", type=Path, help="of ours; the project's own for people and firms")
    arguments.add_argument("--without", action="append", choices=list(PEERS), default=[], help="leave a peer out")
    arguments.add_argument("--without-ours", action="store_true", help="peers only")
    arguments.add_argument("--timeout", type=int, default=7200, help="seconds that each may take")
    return arguments.parse_args()


def _files_of(entity: str, shape: str, rows: int) -> tuple[Path, list[str]]:
    """Where figures are kept, and the options that name records and truth."""
    if entity in PUBLIC:
        of = public_set(entity)
        folder = CACHE / entity
        folder.mkdir(exist_ok=True)
        return folder, _options(of.joined, of.truth)
    with console.status(f"generating {rows:,} records"):
        folder = generated(entity, shape, rows)
    size = (folder / "records.parquet").stat().st_size
    console.print(f"{entity}, {shape}: {rows:,} records, {size / MILLION:,.0f} MB of Parquet")
    return folder, _options(folder / "records.parquet", folder / "truth.parquet")


def _options(records: Path, truth: Path) -> list[str]:
    return ["--records", str(records), "--truth", str(truth)]


def _ours(asked: argparse.Namespace, files: list[str]) -> list[Measured]:
    """From the file to clusters, and from deliveries to the entity tables, each on a server that has just begun."""
    spec = asked.spec or PROJECT / "expectations" / "entities" / f"{asked.entity}.yml"
    evaluate = [sys.executable, "-m", "spark_jobs.cli", "evaluate", "--spec", str(spec), *files, "--json"]
    measured = _on_new_server("ours", evaluate, asked.timeout)
    if asked.entity in PUBLIC or asked.spec:
        return measured
    whole = [sys.executable, "-m", "tests.bench.resolution.end_to_end", asked.entity, *files]
    return measured + _on_new_server("ours, whole", whole, asked.timeout)


def _on_new_server(name: str, command: list[str], timeout: int) -> list[Measured]:
    """On a lake server of its own and an empty lake; the server is up before, as at night."""
    env = {"LAKE_HOME": str(CACHE / "lake"), **_PORTS}
    lake = [sys.executable, "-m", "spark_jobs.cli"]
    shutil.rmtree(CACHE / "lake", ignore_errors=True)
    try:
        subprocess.run([*lake, "server", "up"], env={**os.environ, **env}, check=True, capture_output=True, cwd=PROJECT)
        return _run(name, command, timeout, env)
    finally:
        subprocess.run(
            [*lake, "server", "down"], env={**os.environ, **env}, check=False, capture_output=True, cwd=PROJECT
        )


def _peer_command(module: str, *options: str, kind: str, files: list[str]) -> list[str]:
    python = PROJECT / ".venv-bench" / "bin" / "python"
    return [str(python), "-m", f"tests.bench.resolution.{module}", kind, *files, *options]


def _run(name: str, command: list[str], timeout: int, more: dict[str, str]) -> list[Measured]:
    """What it printed; nothing, with a word, if it failed or took too long."""
    env = {**os.environ, "PYTHONPATH": str(PROJECT), **more}
    try:
        with console.status(name):
            done = subprocess.run(
                command, capture_output=True, text=True, check=False, cwd=PROJECT, env=env, timeout=timeout
            )
    except subprocess.TimeoutExpired:
        console.print(f"{name}: not done after {timeout:,} s")
        return []
    if done.returncode:
        console.print(f"{name} failed: {done.stderr[-2000:]}", markup=False)
        return []
    return [Measured(name, _last_object(done.stdout))]


def _last_object(text: str) -> dict[str, Any]:
    """The last JSON object of a program's output, on one line or on several."""
    start = max(text.rfind('\n{"'), text.rfind("\n{\n"), 0 if text.startswith("{") else -1)
    found: dict[str, Any] = json.loads(text[start:].strip())
    return found


def _keep(measured: list[Measured], folder: Path) -> None:
    figures = {m.name: m.figures for m in measured}
    (folder / "figures.json").write_text(json.dumps(figures, indent=1, ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    main()
