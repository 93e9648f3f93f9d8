"""A lake that version 0.1.0 made goes on: its ledger is migrated, its tables are read, what waited is finished."""

import os
import shutil
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest

from tests.e2e.conftest import Lake, lake_environment
from tests.java_options import INTERPRETED

OLD = Path(__file__).with_name("data") / "lake_of_0.1.0.tar.xz"
"""Deliveries of a city of 1,000 records: committed, parsed, stable, one still growing, and one pull."""
HOUSING = "housing/affordable_housing_application"
CASES = "government_service/approval_case"
OF_THE_SOURCE = ("modified", "window")
"""Columns of the ledger with moments of files and databases, not of the lake."""


@pytest.fixture(scope="module")
def old_lake(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lake]:
    """That lake, unpacked and with its server up."""
    folder = tmp_path_factory.mktemp("old")
    shutil.unpack_archive(OLD, folder)
    lake = Lake(folder / "lake", lake_environment(folder / "lake", INTERPRETED))
    for key, version in lake.ledger("select object_key, object_version from delivery"):
        # An archive keeps times less exactly than a folder; the version has them to the nanosecond.
        os.utime(lake.home / "inbox" / str(key), ns=(int(str(version).partition("-")[0]),) * 2)
    packed_just_now(lake.home / "control.db")
    lake.run("server", "up")
    with lake.warm():
        yield lake
    lake.run("server", "down", check=False)


def packed_just_now(ledger: Path) -> None:
    """Move all moments of a ledger, so that nothing in it has waited for long, nor has a day passed since."""
    with closing(sqlite3.connect(ledger)) as control, control:
        moments = [
            (table, column, number, datetime.fromisoformat(value))
            for (table,) in control.execute("select name from sqlite_master where type = 'table'").fetchall()
            for _, column, kind, *_ in control.execute(f"pragma table_info({table})").fetchall()
            if kind == "DATETIME" and not column.startswith(OF_THE_SOURCE)
            for number, value in control.execute(f"select rowid, {column} from {table}").fetchall()
            if value is not None
        ]
        age = datetime.now() - max(moment for *_, moment in moments)  # noqa: DTZ005  SQLite's have no zone
        for table, column, number, moment in moments:
            control.execute(f"update {table} set {column} = ? where rowid = ?", (str(moment + age), number))


def test_the_ledger_is_migrated_with_all_its_rows(old_lake: Lake) -> None:
    assert old_lake.ledger("select version_num from alembic_version") == [("0011",)]
    assert old_lake.ledger("select count(*), min(sight), max(attempts) from delivery") == [(16, 1, 0)]


def test_it_is_closed_to_others(old_lake: Lake) -> None:
    open_to_others = [
        path for path in old_lake.home.rglob("*") if not path.is_symlink() and stat.S_IMODE(path.stat().st_mode) & 0o077
    ]
    assert open_to_others == []


def test_a_table_of_current_rows_is_made_where_a_contract_wants_one(old_lake: Lake) -> None:
    one, other = (
        old_lake.sql(f"select count(*) as n from {table}")[0]["n"]
        for table in ("current.natural_resources__division", "silver.natural_resources__division where _is_current")
    )
    assert one == other > 0


def test_nothing_that_it_knows_is_taken_again(old_lake: Lake) -> None:
    before = old_lake.ledger("select delivery_id, state from delivery where state = 'committed' order by 1")
    old_lake.run("sweep")
    old_lake.run("collect", CASES)
    assert old_lake.ledger("select count(*) from notice") == [(0,)]
    after = old_lake.ledger("select delivery_id, state from delivery where state = 'committed' order by 1")
    assert after == before


def test_what_waited_is_finished_and_the_books_balance(old_lake: Lake) -> None:
    old_lake.run("refine", HOUSING)
    old_lake.run("collect", "health/medical_institution")
    old_lake.run("refine", "health/medical_institution")
    counted = "select state, json_extract(receipt, '$.rows_counted') > 0 from delivery where feed in (?, ?)"
    assert old_lake.ledger(counted, HOUSING, "health/medical_institution") == [("committed", 1), ("committed", 1)]
    rows = old_lake.sql("select count(*) as n from silver.public_security__resident_registry")
    assert rows[0]["n"] > 100
    assert old_lake.findings() == ""


def test_a_changed_file_takes_the_place_of_what_it_was(old_lake: Lake) -> None:
    (name,) = old_lake.ledger("select object_key from delivery where feed = 'natural_resources/division'")
    path = old_lake.home / "inbox" / str(name[0])
    text = path.read_text("utf-8")
    path.write_text(text.replace("咸安区", "咸安新区"), "utf-8")
    path.with_name(f"{path.name}.manifest.json").unlink(missing_ok=True)
    os.utime(path, (1_790_000_000,) * 2)
    for step in ("collect", "refine"):
        old_lake.run(step, "natural_resources/division")
    states = old_lake.ledger("select state from delivery where feed = 'natural_resources/division' order by sequence")
    assert states == [("replaced",), ("committed",)]
    assert old_lake.findings() == ""
