"""Deliveries lie where their channel looks for them, in the contract's format, whatever both are."""

import json
import sqlite3
from datetime import date
from pathlib import Path
from typing import Literal

import openpyxl
import pyarrow as pa
import pytest

from expectations.contract.catalogue import load_feed
from expectations.contract.channels import ChannelOptions, FileOptions
from expectations.contract.feed import FeedContract
from expectations.contract.formats.jsonl import JsonLines
from expectations.contract.formats.xlsx import Xlsx
from spark_jobs.city.batch import Batch
from spark_jobs.city.damage import files
from spark_jobs.city.damage.files import BadFile
from spark_jobs.city.slots import Slot
from spark_jobs.city.write.formats import write_batch
from spark_jobs.city.write.places import place_of
from tests.unit.city.city_reading import CASES, RESIDENTS

DAY = date(2026, 11, 3)
SLOT = Slot(RESIDENTS, DAY, "rows", 0, 2, 0, 1, 1)


class Fetched(FileOptions):
    """Files that we fetch, by a channel of which the city knows nothing."""

    is_pulled = True
    kind: Literal["fetched"] = "fetched"

    def describe(self, feed_id: str) -> str:
        return f"fetched {feed_id}"


class Asked(ChannelOptions):
    """Rows that we ask for, by another such channel."""

    yields = "rows"
    is_pulled = True
    kind: Literal["asked"] = "asked"

    def describe(self, feed_id: str) -> str:
        return f"asked {feed_id}"


def batch_of(contract: FeedContract) -> Batch:
    """Two rows of any text."""
    return Batch({column.source: pa.array([f"{column.name} 1", "<&>"]) for column in contract.columns}, [])


def residents(**other: object) -> FeedContract:
    """The contract of the registry, with another channel or format."""
    return load_feed(RESIDENTS).model_copy(update=other)


def test_a_dropped_file_lies_in_the_inbox(tmp_path: Path) -> None:
    place = place_of(residents(), tmp_path)
    name = place.name(DAY, 0, 1)
    place.batch(Slot(RESIDENTS, DAY, name, 0, 2, 0, 1, 1), batch_of(residents()))
    assert name == "resident_registry_20261103.csv"
    assert (tmp_path / "inbox" / RESIDENTS / name).is_file()


def test_the_files_of_a_day_are_numbered_where_there_are_several(tmp_path: Path) -> None:
    names = [place_of(load_feed("medical_insurance/settlement"), tmp_path).name(DAY, part, 2) for part in range(2)]
    assert names == ["settlement_20261103_01.txt.gz", "settlement_20261103_02.txt.gz"]


def test_a_file_of_an_unknown_channel_lies_at_its_source_without_manifest(tmp_path: Path) -> None:
    contract = residents(arrival=Fetched(pattern=r"a_(?P<business_date>\d{8})\.csv"))
    place = place_of(contract, tmp_path)
    for day in (DAY, date(2026, 11, 4)):
        place.batch(Slot(RESIDENTS, day, place.name(day, 0, 1), 0, 2, 0, 1, 1), batch_of(contract))
    found = sorted(path.name for path in (tmp_path / "sources" / RESIDENTS).iterdir())
    assert found == ["a_20261103.csv", "a_20261104.csv"]


def test_rows_of_an_unknown_channel_lie_in_a_table_of_the_agency(tmp_path: Path) -> None:
    contract = residents(arrival=Asked())
    place = place_of(contract, tmp_path)
    numbers = [place.batch(Slot(RESIDENTS, DAY, "", at, 2, 0, 1, 1), batch_of(contract)) for at in (0, 2)]
    place.close()
    with sqlite3.connect(tmp_path / "sources" / "public_security.db") as database:
        assert database.execute("select count(*) from resident_registry").fetchone() == (4,)
    assert [each.tolist() for each in numbers] == [[1, 2], [3, 4]]


def test_a_table_takes_no_files(tmp_path: Path) -> None:
    place = place_of(load_feed(CASES), tmp_path)
    with pytest.raises(ValueError, match="arrives as rows"):
        place.bad_file(BadFile("zero_bytes", "zero_bytes", files.nothing))
    place.close()


def test_a_format_without_a_fast_writer_is_written_by_its_own(tmp_path: Path) -> None:
    contract = residents(decode=JsonLines(format="jsonl"))
    path = tmp_path / "rows.jsonl"
    numbers = write_batch(batch_of(contract), contract, path)
    records = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    assert [record["姓名"] for record in records] == ["person_name 1", "<&>"]
    assert numbers.tolist() == [1, 2]


def test_a_fault_that_a_format_cannot_have_is_refused(tmp_path: Path) -> None:
    contract = residents(decode=JsonLines(format="jsonl"))
    batch = batch_of(contract)
    batch.faults[1] = "crlf"
    with pytest.raises(ValueError, match="no lines or cells"):
        write_batch(batch, contract, tmp_path / "rows.jsonl")


def test_a_workbook_may_be_wide_and_begin_further_down(tmp_path: Path) -> None:
    contract = residents(decode=Xlsx(format="xlsx", sheet="表", header_row=3))
    batch = Batch({f"列 & {number}": pa.array([f"{number}", "x"]) for number in range(30)}, [])
    first, _ = write_batch(batch, contract, tmp_path / "wide.xlsx")
    rows = list(openpyxl.load_workbook(tmp_path / "wide.xlsx")["表"].iter_rows(values_only=True))
    assert rows[2] == tuple(f"列 & {number}" for number in range(30))
    assert rows[first - 1] == tuple(str(number) for number in range(30))
