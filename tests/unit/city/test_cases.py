"""Cases for comparisons come on top: every other delivery keeps its bytes, and the cases are good rows."""

import sqlite3
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from spark_jobs.city import generate
from spark_jobs.city.feed_data import Generated
from spark_jobs.city.feeds import data_of_feeds
from spark_jobs.city.world.cases import planted
from spark_jobs.city.world.city import City
from spark_jobs.city.world.texts import day_number
from tests.unit.city.city_reading import comes_as_rows

RECORDS, DAYS, SEED, CASES = 1000, 2, 3, 4
WITH_CASES = sorted(feed for feed, data in data_of_feeds().items() if isinstance(data, Generated) and data.cases)


@pytest.fixture(scope="module")
def without(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("without")
    generate(RECORDS, DAYS, SEED, out)
    return out


@pytest.fixture(scope="module")
def with_cases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("with")
    generate(RECORDS, DAYS, SEED, out, cases=CASES)
    return out


def files(out: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(out)): path.read_bytes()
        for root in ("inbox", "sources")
        for path in (out / root).rglob("*")
        if path.is_file() and path.suffix != ".db"
    }


def tables(out: Path) -> dict[tuple[str, str], list[tuple[str, ...]]]:
    found = {}
    for path in (out / "sources").glob("*.db"):
        with sqlite3.connect(path) as database:
            for (name,) in database.execute("select name from sqlite_master where type = 'table'").fetchall():
                found[path.stem, name] = database.execute(f'select * from "{name}" order by rowid').fetchall()
    return found


def deliveries(out: Path) -> dict[tuple[str, str], int]:
    truth = pq.read_table(out / "truth" / "deliveries.parquet").to_pylist()
    return {(row["feed"], row["file"]): row["rows"] for row in truth}


def test_every_other_delivery_keeps_its_bytes(without: Path, with_cases: Path) -> None:
    before, after = files(without), files(with_cases)
    assert before.items() <= after.items()
    new = {"/".join(Path(name).parent.parts[1:]) for name in after.keys() - before.keys()}
    assert new <= set(WITH_CASES)
    rows = tables(with_cases)
    assert all(rows[name][: len(known)] == known for name, known in tables(without).items())


def test_each_feed_concerned_has_one_delivery_more_without_defects(without: Path, with_cases: Path) -> None:
    before, after = deliveries(without), deliveries(with_cases)
    changed = {place for place, rows in after.items() if before.get(place) != rows}
    assert sorted(feed for feed, _ in changed) == WITH_CASES
    defects = {
        (row["feed"], row["file"]) for row in pq.read_table(with_cases / "truth" / "defects.parquet").to_pylist()
    }
    assert not {(feed, file) for feed, file in changed if not comes_as_rows(feed)} & defects


def test_nobody_is_found_for_two_things_but_those_who_run_vehicles() -> None:
    cases = planted(City(RECORDS, day_number(date(2026, 11, 2)), SEED, CASES))
    groups = (cases.dead, cases.owners, cases.buyers, cases.patients_apart, cases.patients_twice, cases.insured_twice)
    everybody = np.concatenate(groups)
    assert len(everybody) == len(set(everybody.tolist())) == 11 * CASES
    assert not set(cases.running_applicants.tolist()) & set(cases.running_poor.tolist())
