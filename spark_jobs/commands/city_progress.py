"""The generator with a progress bar; it lives with the tests, since only they and trial runs need it."""

from pathlib import Path

from rich.progress import Progress
from tests.city import CitySummary, generate

from spark_jobs.commands.console import err


def generate_with_progress(records: int, days: int, seed: int, out_dir: Path, bad_files: bool) -> CitySummary:
    """Generate a city and show how far it is."""
    with Progress(console=err) as progress:
        task = progress.add_task("generating the city", total=1.0)
        return generate(
            records,
            days,
            seed,
            out_dir,
            bad_files=bad_files,
            progress=lambda done, what: progress.update(task, completed=done, description=what),
        )
