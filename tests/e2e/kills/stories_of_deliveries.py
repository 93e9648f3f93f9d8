"""Crash points on the way of a delivery: intake, refine, receipts, verify."""

import sqlite3
from contextlib import closing
from functools import partial
from pathlib import Path

from expectations.contract.catalogue import load_feed
from expectations.contract.channels.jdbc import Jdbc
from expectations.samples import sample_rows
from tests.e2e import files
from tests.e2e.conftest import Lake
from tests.e2e.files import DIVISION, REGISTRY
from tests.e2e.kills.story import Command, Story, always

PULLED = "government_service/approval_case"
FIRST = 1_760_000_000
"""When files were put down, in seconds since 1970: both lakes have them with the same times."""


def dropped(lake: Lake, folder: Path, day: int, version: int = 0) -> None:
    """Three rows of the resident registry, one of them broken, as the file of a day in July; or a newer one over it."""
    name = f"resident_registry_202607{day:02d}.csv"
    first = 20_000 + day * 10 + version
    rows = [files.registry_row(first + i) for i in range(3)]
    rows[1] = files.registry_row(first + 1, birth_date="00000000")
    lake.drop(REGISTRY, files.registry(folder, name, rows), name, FIRST + version)


def collected(lake: Lake, folder: Path, day: int) -> None:
    """The file of a day, taken into bronze."""
    dropped(lake, folder, day)
    lake.run("collect", REGISTRY)


def nothing(lake: Lake, folder: Path) -> None:
    """The lake is as the story before left it."""


def two_collected(lake: Lake, folder: Path) -> None:
    """Two files in bronze at once."""
    dropped(lake, folder, 3)
    collected(lake, folder, 4)


def refined(lake: Lake, folder: Path, day: int) -> None:
    """The file of a day, in silver and quarantine."""
    collected(lake, folder, day)
    lake.run("refine", REGISTRY)


def divisions_refined(lake: Lake, folder: Path) -> None:
    """A snapshot of divisions in silver; its contract wants a table of current rows."""
    path = folder / "division_20260731.csv"
    path.write_bytes(files.divisions("咸安区", "嘉鱼县"))
    lake.drop(DIVISION, path, path.name, FIRST)
    for step in ("collect", "refine"):
        lake.run(step, DIVISION)


def a_newer_version_collected(lake: Lake, folder: Path) -> None:
    """A file in silver, and another that was put over it in bronze."""
    refined(lake, folder, 6)
    dropped(lake, folder, 6, version=1)
    lake.run("collect", REGISTRY)


def a_newer_version_and_its_copy(lake: Lake, folder: Path) -> None:
    """A file that took an older one's place, published; and a copy of it that was turned away."""
    refined(lake, folder, 8)
    dropped(lake, folder, 8, version=1)
    inbox = lake.home / "inbox" / REGISTRY
    lake.drop(REGISTRY, inbox / "resident_registry_20260708.csv", "resident_registry_20260709.csv", FIRST + 2)
    for step in ("collect", "refine", "verify"):
        lake.run(step, REGISTRY)


def recalling(lake: Lake) -> tuple[str, ...]:
    """Recall that newer version."""
    query = "select delivery_id from delivery where object_key like '%_20260708.csv' order by sequence desc limit 1"
    ((delivery,),) = lake.ledger(query)
    return "recall", delivery, "--reason", "报送了另一天的数据"


def source_filled(lake: Lake, folder: Path, day: int) -> None:
    """Four cases that changed on a day in January, in the approval platform's database."""
    contract = load_feed(PULLED)
    assert isinstance(contract.arrival, Jdbc)
    assert contract.arrival.updated_at is not None
    names = [column.source for column in contract.columns]
    source = lake.home / "sources" / f"{contract.arrival.connection}.db"
    source.parent.mkdir(exist_ok=True)
    with closing(sqlite3.connect(source)) as database, database:
        columns = ", ".join(f"{name} text" for name in names)
        database.execute(f"create table if not exists {contract.arrival.table} ({columns})")
        for number, row in enumerate(sample_rows(contract, 4, seed=day)):
            row[contract.arrival.updated_at] = f"2026-01-{day:02d} 0{number}:30:00"
            marks = ", ".join("?" * len(names))
            database.execute(f"insert into {contract.arrival.table} values ({marks})", [row[name] for name in names])


def pull(day: int) -> Command:
    """Pull what changed on a day in January."""
    first, next_day = (f"2026-01-{number:02d}T00:00:00+08:00" for number in (day, day + 1))
    return always("collect", PULLED, "--from", first, "--to", next_day)


INTAKE = (
    "intake.after_seen",
    "intake.after_claim",
    "intake.after_landing_copy",
    "intake.after_bronze_commit",
    "intake.after_parsed",
)

PULL = (*INTAKE[:2], "pulls.after_read", *INTAKE[2:])

STORIES = (
    Story(
        "a delivery is collected",
        partial(dropped, day=1),
        always("collect", REGISTRY),
        INTAKE,
    ),
    Story("a window of a table is pulled", partial(source_filled, day=1), pull(1), PULL),
    Story("the next window is pulled", partial(source_filled, day=2), pull(2), ("intake.after_bronze_commit",)),
    Story("what was pulled is refined", nothing, always("refine", PULLED), ("refine.after_silver_commit",)),
    Story(
        "a delivery is refined and its receipt written",
        partial(collected, day=2),
        always("refine", REGISTRY),
        (
            "refine.after_read",
            "refine.before_quarantine_commit",
            "refine.after_quarantine_commit",
            "refine.after_silver_commit",
            "receipt.before_outbox",
            "receipt.after_outbox",
        ),
    ),
    Story(
        "the first of two deliveries is closed",
        two_collected,
        always("refine", REGISTRY),
        ("refine.after_ledger_commit",),
    ),
    Story(
        "a newer version takes the place of an older one",
        a_newer_version_collected,
        always("refine", REGISTRY),
        ("replacement.after_bringing_back", "replacement.after_receipt", "replacement.after_bronze_removal"),
    ),
    Story(
        "a newer version is recalled",
        a_newer_version_and_its_copy,
        recalling,
        ("recall.after_begin", "recall.after_silver_commit", "recall.after_bringing_back", "recall.after_receipt"),
    ),
    Story(
        "what was refined is checked and published",
        partial(refined, day=5),
        always("verify", REGISTRY),
        ("verify.after_checks", "verify.after_page", "verify.after_publication"),
    ),
    Story(
        "a table of current rows follows what was published",
        divisions_refined,
        always("verify", DIVISION),
        ("verify.before_current_table",),
    ),
)
"""In this order, each in the lake as the one before left it."""
