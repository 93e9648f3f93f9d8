"""The files are what the contracts say."""

import json
import os
import re
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from expectations.contract.catalogue import feed_ids, load_feed, load_feeds
from expectations.contract.channels import FileOptions
from spark_jobs.city import generate, load_source
from spark_jobs.city.damage.planting import UNKNOWN_COLUMN
from spark_jobs.city.feed_data import Generated
from spark_jobs.city.feeds import data_of_feeds
from tests.unit.city.city_reading import CASES, MARRIAGES, RECORDS, RESIDENTS, MadeCity

UNREADABLE = "?"
"""What readers call the column of whole damaged records."""


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A city of a few hundred records."""
    folder = tmp_path_factory.mktemp("small")
    generate(300, 2, 3, folder)
    return folder


def test_every_feed_has_a_delivery(city: MadeCity) -> None:
    assert {row["feed"] for row in city.truth("deliveries")} == set(feed_ids())


def test_each_feed_has_rows_by_its_weight(city: MadeCity) -> None:
    generated = {feed: data for feed, data in data_of_feeds().items() if isinstance(data, Generated)}
    rows = dict.fromkeys(generated, 0)
    for delivery in city.truth("deliveries"):
        if delivery["feed"] in rows:
            rows[delivery["feed"]] += delivery["rows"]
    for feed, data in generated.items():
        assert rows[feed] == min(max(round(RECORDS * data.weight / 100), data.fewest), data.most or RECORDS**2), feed
    assert sum(rows.values()) >= RECORDS


def test_each_file_has_the_rows_that_truth_counts(city: MadeCity) -> None:
    counted = {row["file"]: len(city.lines(row["feed"], row["file"])) - 1 for row in city.truth("deliveries")}
    assert counted == {row["file"]: row["rows"] for row in city.truth("deliveries")}


def test_each_header_has_the_contract_s_columns(city: MadeCity) -> None:
    for row in city.truth("deliveries"):
        contract = load_feed(row["feed"])
        expected = [column.source for column in contract.columns] + list(contract.ignore)
        added = [d["column"] for d in city.truth("defects") if (d["file"], d["kind"]) == (row["file"], UNKNOWN_COLUMN)]
        found = [name for name in city.lines(row["feed"], row["file"])[0] if name != UNREADABLE]
        assert sorted(found) == sorted(expected + added), row["file"]


def test_file_names_match_the_contract_s_pattern(city: MadeCity) -> None:
    for row in city.deliveries():
        arrival = load_feed(row["feed"]).arrival
        assert isinstance(arrival, FileOptions)
        found = re.fullmatch(arrival.pattern, row["file"])
        assert found is not None
        assert found["business_date"].replace("-", "") == row["business_date"].replace("-", "")


def test_manifests_tell_the_truth(out: Path) -> None:
    paths = [path for path in out.glob("inbox/*/*/*.manifest.json") if "_changed" not in path.name]
    assert paths
    for path in paths:
        manifest = json.loads(path.read_text("utf-8"))
        content = (path.parent / manifest["file"]).read_bytes()
        assert (len(content), sha256(content).hexdigest()) == (manifest["bytes"], manifest["sha256"])


def test_rare_characters_come_where_the_encoding_has_them(city: MadeCity) -> None:
    names = "".join(row["person_name"] for row in city.truth("persons"))
    registered = "".join(row["姓名"] for row in city.records(RESIDENTS).values())
    assert set("䶮𬱖𫚖𤩽") & set(names) & set(registered)
    assert not set("䶮𬱖𫚖𤩽") & set(
        "".join(row["男方姓名"] + row["女方姓名"] for row in city.records(MARRIAGES).values())
    )


def test_no_case_changes_twice_at_the_same_time(city: MadeCity) -> None:
    changes = [(row["case_number"], row["updated_at"]) for row in city.records(CASES).values()]
    assert len(set(changes)) == len(changes) > len({number for number, _ in changes})


def test_cases_lie_in_the_order_in_which_they_are_pulled(city: MadeCity) -> None:
    changes = [(row["updated_at"], row["case_number"]) for row in city.records(CASES).values()]
    assert changes == sorted(changes)


def test_the_source_can_be_loaded_into_another_database(city: MadeCity, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'bureau.db'}"
    loaded = load_source(url, city.out)
    with create_engine(url).connect() as connection:
        distinct = connection.execute(text("select count(distinct case_number || updated_at) from approval_case"))
        assert distinct.scalar_one() == RECORDS * data_of_feeds()[CASES].weight / 100
    of_source = {feed.id for feed in load_feeds() if feed.arrival.source() == load_feed(CASES).arrival.source()}
    assert loaded == sum(row["rows"] for row in city.truth("deliveries") if row["feed"] in of_source)


def test_the_same_arguments_give_the_same_bytes(small: Path, tmp_path: Path) -> None:
    generate(300, 2, 3, tmp_path)
    assert _digests(small) == _digests(tmp_path)


def test_another_process_with_another_hash_seed_gives_the_same_bytes(small: Path, tmp_path: Path) -> None:
    made = (
        f"from pathlib import Path; from spark_jobs.city import generate; generate(300, 2, 3, Path({str(tmp_path)!r}))"
    )
    subprocess.run([sys.executable, "-c", made], env={**os.environ, "PYTHONHASHSEED": "1"}, check=True)
    assert _digests(small) == _digests(tmp_path)


@pytest.mark.parametrize(("seed", "days"), [(4, 2), (3, 1)])
def test_other_arguments_give_other_bytes(small: Path, tmp_path: Path, seed: int, days: int) -> None:
    generate(300, days, seed, tmp_path)
    assert _digests(small) != _digests(tmp_path)


def _digests(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
