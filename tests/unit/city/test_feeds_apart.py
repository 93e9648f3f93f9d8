"""One file is one feed's data, and no feed changes another's bytes."""

import dataclasses
import shutil
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from expectations.contract import catalogue
from spark_jobs.base.errors import LakeError
from spark_jobs.city import feeds, generate
from spark_jobs.city.feed_data import FeedData, Generated
from spark_jobs.city.feeds import data_of_feeds
from tests.unit.city.city_reading import CASES, MARRIAGES, RESIDENTS

RECORDS, DAYS, SEED = 400, 2, 3
MADE_UP = "made_up_agency/small_business"
SAMPLED = "market_regulation/individual_business"

MODULE = '''"""Small businesses, as a bureau that does not exist lists them."""

import numpy as np

from spark_jobs.city.batch import Batch, Mentioned
from spark_jobs.city.damage.kinds import missing
from spark_jobs.city.feed_data import Generated, each_file
from spark_jobs.city.world.texts import dates, numbers, repeated, taken


def _rows(city, slot):
    firms, people = city.companies, city.persons
    which = slot.rng("rows").integers(0, len(firms), slot.rows)
    operator = firms.representative[which]
    columns = {
        "统一社会信用代码": taken(firms.uscc, which),
        "注册号": taken(firms.registration_number, which),
        "名称": taken(firms.name, which),
        "经营者": taken(people.name, operator),
        "经营者证件号": taken(people.resident_id, operator),
        "经营者电话": taken(people.mobile, operator),
        "经营场所": taken(firms.address, which),
        "经营场所区划": numbers(firms.county[which]),
        "从业人数": repeated("3", slot.rows),
        "注册日期": dates(firms.established[which]),
        "登记状态": repeated("存续", slot.rows),
    }
    return Batch(columns, [Mentioned("operator", "person", operator)])


DATA = Generated(weight=20, rows=each_file(_rows), kinds=(missing("名称"),))
'''


@pytest.fixture
def with_contract(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Contracts with one more: that of the made-up feed, which is one file too."""
    folder = tmp_path / "contracts"
    shutil.copytree(catalogue.FEEDS, folder)
    contract = folder / f"{MADE_UP}.yml"
    contract.parent.mkdir()
    text = (folder / f"{SAMPLED}.yml").read_text("utf-8")
    contract.write_text(text.replace("individual_business_", "small_business_"), encoding="utf-8")
    monkeypatch.setattr(catalogue, "FEEDS", folder)
    return contract


@pytest.fixture
def with_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of synthetic data beside the package's own, with one file."""
    file = tmp_path / "data" / f"{MADE_UP}.py"
    file.parent.mkdir(parents=True)
    file.write_text(MODULE, encoding="utf-8")
    monkeypatch.setattr(feeds, "__path__", [*feeds.__path__, str(tmp_path / "data")])
    return file


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A city of the feeds that there are."""
    out = tmp_path_factory.mktemp("before")
    generate(RECORDS, DAYS, SEED, out, bad_files=True)
    return out


def files_of(out: Path, but: str) -> dict[str, bytes]:
    """Everything that feeds delivered, but one of them."""
    paths = (path for root in ("inbox", "sources") for path in (out / root).rglob("*") if path.is_file())
    found = {str(path.relative_to(out)): path.read_bytes() for path in paths}
    return {name: content for name, content in found.items() if but not in name}


def truth_of(out: Path, but: str) -> dict[str, list[dict[str, object]]]:
    """What is said to be true of everybody, and of every feed but one."""
    tables = {path.stem: pq.read_table(path).to_pylist() for path in (out / "truth").glob("*.parquet")}
    return {name: [row for row in rows if row.get("feed") != but] for name, rows in tables.items()}


@pytest.mark.usefixtures("with_contract", "with_data")
def test_a_file_of_its_own_is_all_that_a_feed_s_data_needs(tmp_path: Path) -> None:
    generate(RECORDS, DAYS, SEED, tmp_path / "city")
    names = sorted(path.name for path in (tmp_path / "city" / "inbox" / MADE_UP).glob("*.csv"))
    assert names == ["small_business_20261102.csv", "small_business_20261103.csv"]
    truth = pq.read_table(tmp_path / "city" / "truth" / "deliveries.parquet").to_pylist()
    assert [row["rows"] for row in truth if row["feed"] == MADE_UP] == [40, 40]
    defects = pq.read_table(tmp_path / "city" / "truth" / "defects.parquet").to_pylist()
    assert "missing_value" in {row["kind"] for row in defects if row["feed"] == MADE_UP}


@pytest.mark.usefixtures("with_contract", "with_data")
def test_another_feed_changes_no_byte_of_the_others(before: Path, tmp_path: Path) -> None:
    generate(RECORDS, DAYS, SEED, tmp_path / "city", bad_files=True)
    assert files_of(tmp_path / "city", but=MADE_UP) == files_of(before, but=MADE_UP)
    assert truth_of(tmp_path / "city", but=MADE_UP) == truth_of(before, but=MADE_UP)


@pytest.mark.parametrize("feed", [RESIDENTS, MARRIAGES, CASES])
def test_another_weight_changes_no_byte_of_the_others(before: Path, tmp_path: Path, feed: str) -> None:
    generate(RECORDS, DAYS, SEED, tmp_path, bad_files=True, data=with_weight(feed, 90))
    name = feed if feed != CASES else "government_service.db"
    assert files_of(tmp_path, but=name) == files_of(before, but=name)
    assert truth_of(tmp_path, but=feed) == truth_of(before, but=feed)
    assert files_of(tmp_path, but="-") != files_of(before, but="-")


@pytest.mark.usefixtures("with_contract")
def test_a_contract_without_data_gets_a_sample(tmp_path: Path) -> None:
    generate(RECORDS, DAYS, SEED, tmp_path / "city")
    (sample,) = (tmp_path / "city" / "inbox" / MADE_UP).glob("*.csv")
    assert len(sample.read_text("utf-8").splitlines()) == 201


@pytest.mark.usefixtures("with_data")
def test_data_without_a_contract_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LakeError, match=f"no contract: {MADE_UP}"):
        generate(RECORDS, DAYS, SEED, tmp_path / "city")


@pytest.mark.usefixtures("with_contract")
def test_a_file_that_says_nothing_is_refused(with_data: Path) -> None:
    misspelt = with_data.with_name("misspelt.py")
    misspelt.write_text(MODULE.replace("DATA =", "DATE ="), encoding="utf-8")
    with pytest.raises(LakeError, match="made_up_agency.misspelt has no DATA"):
        data_of_feeds()


def with_weight(feed: str, weight: float) -> dict[str, FeedData]:
    """The data of all feeds, one of them of another weight."""
    data = data_of_feeds()
    changed = data[feed]
    assert isinstance(changed, Generated)
    return {**data, feed: dataclasses.replace(changed, weight=weight)}
