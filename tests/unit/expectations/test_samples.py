"""Samples follow from a contract alone: right header, right form, values valid for their types."""

import re
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest

from expectations.contract.catalogue import load_contract_file, load_feeds
from expectations.contract.channels import FileOptions
from expectations.contract.feed import Column, FeedContract
from expectations.contract.formats.csv import Csv
from expectations.contract.formats.json import Json
from expectations.contract.formats.jsonl import JsonLines
from expectations.contract.formats.xlsx import Xlsx
from expectations.sample_values.moments import spark_datetime
from expectations.sample_values.registration_number import registration_number
from expectations.sample_values.resident_id import resident_id
from expectations.sample_values.uscc import uscc
from expectations.samples import DAY, file_name, sample_rows
from spark_jobs.intake.formats import write_sample
from tests.unit.intake.formats.forms import read

FEEDS = pytest.mark.parametrize("feed", load_feeds(), ids=lambda feed: str(feed.id))
SHAPES = {
    "resident_id": r"[0-9]{17}[0-9X]",
    "uscc": r"[0-9A-HJ-NPQRTUWXY]{18}",
    "registration_number": r"[0-9]{15}",
    "division_code": r"4212[0-9]{2}",
    "mobile": r"1[3-9][0-9]{9}",
    "integer": r"[0-9]+",
    "amount": r"[0-9]+\.[0-9]{2}",
    "decimal": r"[0-9]+\.[0-9]+",
    "boolean": r"0|1",
    "date": r"[0-9/年月日-]+",
    "timestamp": r"[0-9T :/-]+",
}


def read_back(feed: FeedContract, path: Path) -> list[dict[str, str]]:
    """The records of a sample, by a reader that shares no code with the writer."""
    header, *records = read(path.read_bytes(), feed.layout)
    return [dict(zip(header, record, strict=True)) for record in records]


@FEEDS
def test_a_written_sample_reads_back_as_its_rows(feed: FeedContract, tmp_path: Path) -> None:
    assert read_back(feed, write_sample(feed, tmp_path, n=7)) == sample_rows(feed, 7)


@FEEDS
def test_the_header_is_the_contract_s(feed: FeedContract) -> None:
    assert list(sample_rows(feed, 1)[0]) == [column.source for column in feed.columns]


@FEEDS
def test_the_file_name_is_accepted_and_dated(feed: FeedContract) -> None:
    if isinstance(feed.arrival, FileOptions):
        found = re.fullmatch(feed.arrival.pattern, file_name(feed, date(2020, 1, 25)))
        assert found is not None
        assert found["business_date"].replace("-", "") == "20200125"


@FEEDS
def test_every_value_is_valid_for_its_type(feed: FeedContract) -> None:
    for row in sample_rows(feed, 50):
        for column in feed.columns:
            assert is_valid(column, row[column.source]), (column.name, row[column.source])


def is_valid(column: Column, value: str) -> bool:
    if column.values:
        return value in column.values
    return re.fullmatch(SHAPES.get(column.type, r".+"), value) is not None


def test_keys_of_text_and_numbers_are_unique() -> None:
    unique = {"string", "resident_id", "uscc", "registration_number", "company_name"}
    feeds = {feed.id: feed for feed in load_feeds()}
    keys = {i: [c.source for c in f.columns if c.name in f.write.key and c.type in unique] for i, f in feeds.items()}
    distinct = {
        name: len({tuple(row[source] for source in sources) for row in sample_rows(feeds[name], 300)})
        for name, sources in keys.items()
        if sources
    }
    assert len(distinct) >= 4
    assert distinct == dict.fromkeys(distinct, 300)


def test_a_citizen_number_and_its_birth_date_agree() -> None:
    pairs = [
        (row[one.source][6:14], re.sub(r"\D", "", row[birth.source]))
        for feed in load_feeds()
        for birth in feed.columns
        if birth.name == "birth_date"
        for one in feed.columns
        if one.type == "resident_id"
        for row in sample_rows(feed, 400)
    ]
    assert len(pairs) >= 400
    assert [pair for pair in pairs if pair[0] != pair[1]] == []


def test_equal_arguments_give_equal_rows_and_another_seed_others(contract: FeedContract) -> None:
    assert sample_rows(contract, 5, seed=3) == sample_rows(contract, 5, seed=3)
    assert sample_rows(contract, 5, seed=3) != sample_rows(contract, 5, seed=4)


def test_checksums_are_those_of_the_standards() -> None:
    for number in range(0, 3000, 7):
        body = resident_id(number)
        weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643-1999, table 1
        total = sum(int(digit) * weight for digit, weight in zip(body, weights, strict=False))
        assert body[17] == "10X98765432"[total % 11]
        alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100-2015, table 2
        values = [alphabet.index(letter) for letter in uscc(number)]
        factors = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28, 1)  # table 3
        assert sum(value * factor for value, factor in zip(values, factors, strict=True)) % 31 == 0
        remainder = 10
        for digit in registration_number(number)[:14]:
            remainder = ((remainder + int(digit)) % 10 or 10) * 2 % 11
        assert (remainder + int(registration_number(number)[14])) % 10 == 1  # ISO 7064 MOD 11,10


def test_nobody_in_a_sample_can_be_alive() -> None:
    assert {resident_id(number)[6:10] for number in range(2000)} == {"1890"}


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("yyyyMMdd", "20261105"),
        ("yyyy/M/d", "2026/11/5"),
        ("yyyy-MM-dd'T'HH:mm:ss", "2026-11-05T08:03:09"),
        ("yyyy年MM月dd日", "2026年11月05日"),
    ],
)
def test_datetimes_are_written_by_the_contract_s_pattern(pattern: str, text: str) -> None:
    assert spark_datetime(datetime(2026, 11, 5, 8, 3, 9), pattern) == text  # noqa: DTZ001  (a wall-clock text)


@pytest.mark.parametrize(
    ("decode", "kind"),
    [
        pytest.param("{format: json, records: data.item}", Json, id="nested json"),
        pytest.param("{format: jsonl, compression: gzip}", JsonLines, id="json lines, gzip"),
        pytest.param("{format: xlsx, header_row: 3}", Xlsx, id="xlsx, header in row 3"),
        pytest.param('{format: csv, encoding: utf-16, delimiter: "\\t"}', Csv, id="utf-16, tabs"),
    ],
)
def test_forms_that_no_feed_has_yet(
    contract_file: Callable[[str, str], Path], tmp_path: Path, decode: str, kind: type
) -> None:
    feed = load_contract_file(contract_file('{format: csv, encoding: utf-8, delimiter: ","}', decode))
    assert isinstance(feed.layout, kind)
    assert read_back(feed, write_sample(feed, tmp_path, n=3)) == sample_rows(feed, 3)


def test_a_pattern_that_no_name_can_be_made_for_is_named(contract_file: Callable[[str, str], Path]) -> None:
    feed = load_contract_file(contract_file("x_(?P", "[a-z]+_(?P"))
    with pytest.raises(ValueError, match="no file name can be made for the pattern"):
        file_name(feed, DAY)
