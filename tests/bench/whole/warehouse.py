"""What the warehouse costs: all of it, nothing, and what follows from one delivery.

`python -m tests.bench.whole.warehouse --records 200000`. The deliveries are the last days' of a feed that names nobody,
and of one that names firms and persons, who are resolved first. Commands start warm, as below `lake up`. Then three
marts that read silver alone are built, and made by DuckDB of the same silver. Last, every question of dbt/questions.yml
is asked, and the slowest are named.
"""

import argparse
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table

from expectations.contract.catalogue import load_feed
from expectations.questions import load_questions
from spark_jobs.ask.sql import asking
from spark_jobs.base.privacy import keep_private
from spark_jobs.base.settings import settings
from tests.bench.night.cpu_account import account
from tests.bench.whole.city_lake import CityLake, Spent
from tests.bench.whole.marts_in_duckdb import QUERIES, differences, made_by_duckdb

OF_NOBODY, OF_PERSONS = "ecology/water_quality", "urban_management/muck_truck"
EVERYTHING = "everything, again (--all)"
BUILD = ("warehouse", "build", "--no-unit-tests")
SLOWEST = 5
console = Console(highlight=False, width=None if sys.stdout.isatty() else 140)


def main() -> None:
    """Measure, and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=41)
    given = parser.parse_args()
    keep_private()
    home = Path(tempfile.mkdtemp(prefix="lake-bench-"))
    try:
        with account() as counted:
            lake = CityLake(home, counted)
            with lake.warm():
                stages, within = _measured(lake, given.records, given.seed)
                _use(home)
                beside = _beside_duckdb(lake, within)
        console.print(_table(given.records, stages))
        console.print(beside)
        console.print(_questions())
    finally:
        shutil.rmtree(home)


def _measured(lake: CityLake, records: int, seed: int) -> tuple[dict[str, Spent], float]:
    """What each stage took, and how many seconds of everything went to the marts that are made elsewhere too."""
    before, stages = dict[str, Spent](), dict[str, Spent]()
    lake.generate(records, 5, seed)
    with lake.held_back(OF_PERSONS):
        with lake.held_back(OF_NOBODY):
            with lake.spending(before, "city taken in and resolved"):
                lake.take_in()
                lake.resolve()
            with lake.spending(stages, "everything, the first time"):
                lake.run(*BUILD)
            with lake.spending(stages, EVERYTHING):
                lake.run(*BUILD, "--all")
            within = lake.seconds_of(QUERIES)
            with lake.spending(stages, "nothing has changed"):
                lake.run(*BUILD)
        _delivered(lake, OF_NOBODY, stages)
    _delivered(lake, OF_PERSONS, stages)
    return stages, within


def _delivered(lake: CityLake, feed: str, stages: dict[str, Spent]) -> None:
    """Take in what was held back of a feed, and build what follows from it."""
    lake.take_in(feed)
    if load_feed(feed).mentions:
        lake.resolve()
    with lake.spending(stages, f"a delivery of {feed}"):
        told = lake.run(*BUILD).stdout
    if f"silver.{feed.replace('/', '__')}" not in told:
        raise SystemExit(f"nothing of {feed} was published; lake receipts in {lake.home} says why")


def _table(records: int, stages: dict[str, Spent]) -> Table:
    table = Table(title=f"the warehouse of a city of {records:,} records")
    for name in ("build", "s", "CPU-s", "of everything's CPU-s", "memory"):
        table.add_column(name, justify="left" if name == "build" else "right")
    whole = stages[EVERYTHING].processor
    for stage, spent in stages.items():
        figures = (f"{spent.seconds:.1f}", f"{spent.processor:.1f}", f"{spent.processor / whole:.0%}")
        table.add_row(stage, *figures, f"{spent.memory / 2**20:,.0f} MiB")
    return table


def _use(home: Path) -> None:
    """Ask of this lake, with as much room as a peer takes."""
    os.environ |= {"LAKE_HOME": str(home), "LAKE_SQL_MEMORY": "8GiB", "LAKE_SQL_SECONDS": "3600"}
    settings.cache_clear()


def _beside_duckdb(lake: CityLake, within: float) -> Table:
    """Three marts by a build of everything, by one of their own, and by DuckDB."""
    stages: dict[str, Spent] = {}
    with lake.spending(stages, "ours"):
        lake.run(*BUILD, "--select", " ".join(QUERIES))
    with lake.spending(stages, "DuckDB"):
        made_by_duckdb(lake.home)
    table = Table(title="three marts of the same silver")
    for name in ("made by", "s", "CPU-s", *QUERIES):
        table.add_column(name, justify="left" if name == "made by" else "right")
    found, (ours, theirs) = differences(lake.home), (stages[each] for each in ("ours", "DuckDB"))
    table.add_row("the build of everything: their nodes", f"{within:.2f}", "")
    for engine, spent, rows in (
        ("a build of their own, its start included", ours, [each.ours for each in found]),
        ("DuckDB", theirs, [each.theirs for each in found]),
    ):
        table.add_row(engine, f"{spent.seconds:.2f}", f"{spent.processor:.2f}", *(f"{each:,} rows" for each in rows))
    apart = [f"{each.apart:,} apart" for each in found]
    table.add_row("everything's nodes by DuckDB's", f"{within / theirs.seconds:.2f}", "")
    ratio = ours.processor / theirs.processor
    table.add_row("a build of their own by DuckDB's", f"{ours.seconds / theirs.seconds:.2f}", f"{ratio:.2f}", *apart)
    return table


def _questions() -> Table:
    """The slowest of them, each in a session that is open already, as `lake sql` has it."""
    questions, took = load_questions(), dict[str, float]()
    with asking([each.query for each in questions]) as ask:
        for each in questions:
            began = time.monotonic()
            ask(each.query)
            took[each.name] = time.monotonic() - began
    table = Table(title=f"{len(took)} questions in {sum(took.values()):.1f} s, the slowest of them")
    table.add_column("question")
    table.add_column("s", justify="right")
    for name in sorted(took, key=lambda name: -took[name])[:SLOWEST]:
        table.add_row(name, f"{took[name]:.2f}")
    return table


if __name__ == "__main__":
    main()
