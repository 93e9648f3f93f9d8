"""A city from nothing to marts, by stage: `python -m tests.bench.whole.full --records 200000 --records 1000000`.

Of two sizes and more it says by arithmetic what 220 million records would take: a straight line through the smallest
and the largest. That is no measurement, and the table says so.
"""

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

from spark_jobs.base.privacy import keep_private
from tests.bench.night.cpu_account import Account, account
from tests.bench.whole.city_lake import CityLake, Spent

MISSION = 220_000_000
STAGES = ("generate", "take in", "resolve", "warehouse")
Found = dict[str, Spent]
console = Console(highlight=False, width=None if sys.stdout.isatty() else 140)


def main() -> None:
    """Measure each size, and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, action="append", help="of the city; repeatable")
    parser.add_argument("--seed", type=int, default=41)
    parser.add_argument("--days", type=int, default=5)
    given = parser.parse_args()
    keep_private()
    found: dict[int, Found] = {}
    for records in given.records or [200_000]:
        folder = Path(tempfile.mkdtemp(prefix="lake-bench-"))
        try:
            with account() as counted:
                rows, stages = _measured(folder, records, given.days, given.seed, counted)
        finally:
            shutil.rmtree(folder)
        found[rows] = stages
        console.print(_table(rows, stages))
    if len(found) > 1:
        console.print(_arithmetic(found))


def _measured(home: Path, records: int, days: int, seed: int, counted: Account) -> tuple[int, Found]:
    lake, stages = CityLake(home, counted), Found()
    with lake.spending(stages, "generate"):
        lake.generate(records, days, seed)
    with lake.warm(), lake.spending(stages, "take in"):
        lake.take_in()
    with lake.spending(stages, "resolve"):
        lake.resolve()
    with lake.spending(stages, "warehouse"):
        lake.run("warehouse", "build", "--no-unit-tests")
    return lake.records(), stages


def _table(rows: int, stages: Found) -> Table:
    table = Table(title=f"{rows:,} accepted rows")
    for name in ("stage", "s", "CPU-s", "rows/s", "rows/CPU-s", "memory", "disk at its end"):
        table.add_column(name, justify="left" if name == "stage" else "right")
    for stage, spent in stages.items():
        rates = (f"{rows / each:,.0f}" for each in (spent.seconds, spent.processor))
        sizes = (f"{each / 2**20:,.0f} MiB" for each in (spent.memory, spent.disk))
        table.add_row(stage, f"{spent.seconds:,.1f}", f"{spent.processor:,.1f}", *rates, *sizes)
    return table


def _arithmetic(found: dict[int, Found]) -> Table:
    small, large = min(found), max(found)
    table = Table(title=f"by arithmetic, not measured: a straight line from {small:,} and {large:,} rows")
    for name in ("stage", f"minutes for {MISSION:,} rows", "CPU-hours", "GB on disk"):
        table.add_column(name, justify="left" if name == "stage" else "right")
    for stage in STAGES:
        seconds, processor, disk = (
            _at_mission((small, getattr(found[small][stage], of)), (large, getattr(found[large][stage], of)))
            for of in ("seconds", "processor", "disk")
        )
        table.add_row(stage, f"{seconds / 60:,.0f}", f"{processor / 3600:,.1f}", f"{disk / 1e9:,.0f}")
    return table


def _at_mission(small: tuple[int, float], large: tuple[int, float]) -> float:
    per_row = (large[1] - small[1]) / (large[0] - small[0])
    return large[1] + per_row * (MISSION - large[0])


if __name__ == "__main__":
    main()
