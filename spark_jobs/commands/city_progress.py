"""The generator of a synthetic city with a progress bar."""

import os
import re
import time
from datetime import datetime, timedelta
from pathlib import Path

from rich.progress import Progress

from spark_jobs.base.settings import CITY_TIME
from spark_jobs.city import CitySummary, generate
from spark_jobs.commands.console import err


def generate_with_progress(
    records: int, days: int, seed: int, out_dir: Path, bad_files: bool, cases: int = 0
) -> CitySummary:
    """Generate a city and show how far it is."""
    began = time.time() - 1
    with Progress(console=err) as progress:
        task = progress.add_task("generating the city", total=1.0)
        summary = generate(
            records,
            days,
            seed,
            out_dir,
            bad_files=bad_files,
            cases=cases,
            progress=lambda done, what: progress.update(task, completed=done, description=what),
        )
    for root in ("inbox", "sources"):
        _date_by_name(out_dir / root, began)
    return summary


def _date_by_name(folder: Path, began: float) -> None:
    """Let each file that was just written have arrived on the evening of its business date.

    So a file generated again is the same object version, and the ledger knows it.
    """
    for path in folder.rglob("*"):
        found = re.search(r"(\d{4})-?(\d{2})-?(\d{2})", path.name)
        if found and path.is_file() and path.stat().st_mtime >= began:
            year, month, day = map(int, found.groups())
            evening = datetime(year, month, day, tzinfo=CITY_TIME) + timedelta(hours=20)
            os.utime(path, (evening.timestamp(), evening.timestamp()))
