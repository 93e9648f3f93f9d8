"""Crash points of upkeep: files compacted, files removed, ledger and spool tidied."""

import os
import shutil
import time
from pathlib import Path

from tests.e2e.conftest import Lake
from tests.e2e.kills.stories_of_entities import published
from tests.e2e.kills.story import Story, always

MONTH = 30 * 86_400
TABLE = "public_security__resident_registry"


def many_small_files(lake: Lake, folder: Path) -> None:
    """Tables of several files."""
    published(lake, folder, 1)
    published(lake, folder, 2)


def files_that_no_version_needs(lake: Lake, folder: Path) -> None:
    """What a write left a month ago that never came to its commit."""
    for layer in ("bronze", "silver", "quarantine"):
        table = lake.home / "lake" / layer / TABLE
        some = next(path for path in sorted(table.rglob("*.parquet")) if "_delta_log" not in path.parts)
        shutil.copyfile(some, aged(table / "part-00000-orphan.parquet"))
        aged(table / "part-00000-orphan.parquet")


def traces_of_a_dead_worker(lake: Lake, folder: Path) -> None:
    """Two folders that a worker left in the spool a month ago, and one in scratch."""
    left = lake.home / "lake" / "scratch" / "resolve-person-0123456789ab"
    left.mkdir(parents=True)
    aged(left / "orphan.parquet")
    aged(left)
    for name in ("dead-1", "dead-2"):
        left = lake.home / "spool" / name
        left.mkdir(parents=True)
        aged(left / "delivery")
        aged(left)


def aged(path: Path) -> Path:
    """A file or folder, there since a month ago."""
    if not path.exists():
        path.touch()
    os.utime(path, (time.time() - MONTH,) * 2)
    return path


STORIES = (
    Story(
        "small files are compacted",
        many_small_files,
        always("upkeep", "optimize"),
        (
            "upkeep.after_bronze_compaction",
            "upkeep.after_compaction",
            "verify.before_carried_forward",
            "upkeep.after_carried_forward",
        ),
    ),
    Story(
        "files that no version needs are removed",
        files_that_no_version_needs,
        always("upkeep", "vacuum"),
        ("upkeep.after_bronze_vacuum", "upkeep.after_vacuum"),
    ),
    Story(
        "ledger and spool are tidied",
        traces_of_a_dead_worker,
        always("upkeep", "ledger"),
        ("upkeep.after_leases", "upkeep.after_spool_folder", "upkeep.before_scratch"),
    ),
)
"""In this order, each in the lake as the one before left it."""
