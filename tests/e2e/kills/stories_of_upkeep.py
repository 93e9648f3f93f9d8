"""Crash points of the house: files compacted, the warehouse built, files removed, ledger and spool tidied."""

import os
import time
from pathlib import Path

import pyarrow as pa
from deltalake import DeltaTable, write_deltalake

from expectations.comparisons import load_comparisons
from tests.e2e import files
from tests.e2e.conftest import Lake
from tests.e2e.files import EPIDEMIC
from tests.e2e.kills.stories_of_deliveries import nothing
from tests.e2e.kills.story import Story, always

MONTH = 30 * 86_400
COUNTS = "中国,CN,湖北省,420000,咸宁市,421200,{day},0,0,0"


def two_days_published_as_they_came(lake: Lake, folder: Path) -> None:
    """A table of two files: its days stand beside each other, where a register is written anew with each delivery."""
    for day in (1, 2):
        name = f"epidemic_daily_2026070{day}.csv"
        row = f"2026-07-0{day},{COUNTS.format(day=day)}".split(",")
        lake.drop(EPIDEMIC, files.delimited(folder, name, [files.header(EPIDEMIC), row], "utf-8"), name)
    lake.run("collect", EPIDEMIC)
    lake.run("refine", EPIDEMIC, "--from", "2026-07-01T00:00:00+08:00", "--to", "2026-07-02T00:00:00+08:00")
    lake.run("refine", EPIDEMIC)
    lake.run("verify", EPIDEMIC)


def a_hit(lake: Lake, folder: Path) -> None:
    """A comparison that found something."""
    comparison = next(each for each in load_comparisons() if each.identify is None)
    hit = dict.fromkeys(("hit_id", "reason", *comparison.columns), "1")
    hit |= {name: EPIDEMIC for name in comparison.columns if name.endswith("_feed")}
    write_deltalake(lake.home / "lake" / "restricted" / comparison.mart, pa.table({name: [hit[name]] for name in hit}))


def a_row_that_came_by_itself(lake: Lake, folder: Path) -> None:
    """A second file of a mart."""
    mart = DeltaTable(lake.home / "lake" / "marts" / "mart_health__epidemic_curve")
    write_deltalake(mart, mart.to_pyarrow_table().slice(0, 1), mode="append")


def files_that_no_version_needs(lake: Lake, folder: Path) -> None:
    """What a write left a month ago that never came to its commit."""
    table = EPIDEMIC.replace("/", "__")
    for name in (f"bronze/{table}", f"silver/{table}", f"quarantine/{table}", "marts/mart_health__epidemic_curve"):
        left = lake.home / "lake" / name / "part-00000-orphan.parquet"
        left.touch()
        aged(left)


def traces_of_a_dead_worker(lake: Lake, folder: Path) -> None:
    """A lease, two folders in the spool and one in scratch, all of a month ago."""
    lake.ledger(
        "insert into lease (name, holder, host, pid, epoch, expires_at, note) "
        "values ('collect:orphan', 'dead', 'dead', 0, 1, '2026-01-01 00:00:00.000000', '2026-01-01T00:00:00+00:00 ')"
    )
    for left in ("spool/dead-1", "spool/dead-2", "lake/scratch/resolve-person-0123456789ab"):
        (lake.home / left).mkdir(parents=True)
        (lake.home / left / "orphan").touch()
        aged(lake.home / left / "orphan")
        aged(lake.home / left)


def aged(path: Path) -> None:
    """Make it a file or folder that is there since a month ago."""
    os.utime(path, (time.time() - MONTH,) * 2)


WAREHOUSE = ("warehouse", "build", "--select", "+mart_health__epidemic_curve", "--no-unit-tests")
OPTIMIZE, VACUUM = always("upkeep", "optimize"), always("upkeep", "vacuum")

STORIES = (
    Story(
        "small files are compacted",
        two_days_published_as_they_came,
        OPTIMIZE,
        (
            "upkeep.after_bronze_compaction",
            "upkeep.after_compaction",
            "verify.before_carried_forward",
            "upkeep.after_carried_forward",
        ),
    ),
    Story(
        "the warehouse is built",
        nothing,
        always(*WAREHOUSE),
        ("warehouse.after_entity_tables", "warehouse.after_dbt", "warehouse.after_publishing"),
    ),
    Story("a mart of small files is compacted", a_row_that_came_by_itself, OPTIMIZE, ("upkeep.after_compaction",)),
    Story("hits go back to their department", a_hit, always("compare"), ("comparisons.after_outbox",)),
    Story(
        "files that no version needs are removed",
        files_that_no_version_needs,
        VACUUM,
        ("upkeep.after_bronze_vacuum", "upkeep.after_vacuum", "upkeep.after_warehouse_vacuum"),
    ),
    Story(
        "ledger and spool are tidied",
        traces_of_a_dead_worker,
        always("upkeep", "ledger"),
        ("upkeep.after_leases", "upkeep.after_spool_folder", "upkeep.before_scratch"),
    ),
)
"""In this order, each in the lake as the one before left it."""
