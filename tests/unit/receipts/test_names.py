"""Names in the outbox: short enough in bytes, and the rows to fix can be sent as they are named."""

from datetime import date
from typing import Any

import pytest

from expectations.contract.catalogue import load_feeds
from expectations.contract.channels import FileOptions
from expectations.contract.feed import FeedContract
from expectations.contract.file_names import date_in_name
from expectations.samples import file_name
from spark_jobs.lake.storage.objects import SEGMENT_BYTES, writable_key
from spark_jobs.receipts.names import correction_name, cut, receipt_stem
from tests.unit.intake.formats.decoding_cases import contract_of

DAY = date(2026, 11, 1)
CSV = {"format": "csv", "encoding": "utf-8"}


def receipt(file: str) -> dict[str, Any]:
    return {"file": file, "business_date": DAY.isoformat(), "delivery_id": "0123456789abcdef"}


def of_pattern(pattern: str) -> FeedContract:
    return contract_of(CSV, arrival={"kind": "drop", "pattern": pattern})


def test_rows_to_fix_of_every_feed_can_be_sent_as_they_are_named() -> None:
    feeds = [feed for feed in load_feeds() if isinstance(feed.arrival, FileOptions)]
    assert feeds
    for feed in feeds:
        sent = file_name(feed, DAY)
        for part in (1, 2):
            name = correction_name(receipt(sent), feed, part)
            assert isinstance(feed.arrival, FileOptions)
            assert date_in_name(feed.arrival.pattern, name) == DAY, name
            assert name != sent
            assert name.endswith((sent[sent.index(".") :], *feed.layout.suffixes_to_fix))
        again = correction_name({**receipt(name), "delivery_id": "fedcba9876543210"}, feed)
        assert "_更正_fedcba98" in again
        assert "01234567" not in again


@pytest.mark.parametrize(
    ("pattern", "sent", "name"),
    [
        (r"登记_(?P<business_date>\d{8}).*\.csv", "登记_20261101.csv", "登记_20261101_更正_01234567.csv"),
        (r"登记_(?P<business_date>\d{8}).*\.(?:csv|CSV)", "登记_20261101.CSV", "登记_20261101_更正_01234567.CSV"),
        (r".*_(?P<business_date>\d{8})\.csv", "登记_20261101.csv", "登记_更正_01234567_20261101.csv"),
        (r"a(?P<business_date>\d{8})[0-9a-f]*\.csv", "a20261101.csv", "a2026110101234567.csv"),
        (r"登记 \(城区\) (?P<business_date>\d{8}).*\.csv", "登记 (城区) 20261101.csv", None),
        (r"(?P<business_date>\d{4}-\d{2}-\d{2})/?.*", "2026-11-01", "2026-11-01_更正_01234567.csv"),
    ],
)
def test_the_mark_stands_where_the_pattern_has_room(pattern: str, sent: str, name: str | None) -> None:
    assert correction_name(receipt(sent), of_pattern(pattern)) == (name or sent.replace(".csv", "_更正_01234567.csv"))


def test_a_file_of_any_name_gets_one_that_the_feed_takes() -> None:
    name = correction_name(receipt("临时(1).csv"), of_pattern(r"example_(?P<business_date>\d{8}).*\.csv"))
    assert name == "example_20261101_更正_01234567.csv"


@pytest.mark.parametrize("letters", ["甲", "a", "𠮷", "é"])
@pytest.mark.parametrize("pattern", [r".*_?(?P<business_date>\d{8}).*\.csv", r".*(?P<business_date>\d{8})\.csv"])
def test_names_are_cut_in_bytes(letters: str, pattern: str) -> None:
    contract = of_pattern(pattern)
    long = letters * ((SEGMENT_BYTES - 12) // len(letters.encode()))
    for sent in (f"{long}20261101.csv", f"20261101{long}.csv"):
        name = correction_name(receipt(sent), contract)
        stem = receipt_stem(receipt(sent), contract)
        for key in (f"civil_affairs/example/2026-11-01/{name}", f"{stem}.receipt.json", f"{stem}.receipt.html"):
            assert writable_key(key) == key
        if date_in_name(pattern, sent) is not None:
            assert date_in_name(pattern, name) == DAY


def test_a_character_is_not_cut_in_two() -> None:
    assert cut("甲乙丙", 8) == "甲乙"
    assert cut("甲", 2) == cut("甲", -1) == ""


def test_what_no_store_takes_is_not_in_a_name() -> None:
    contract = of_pattern(r"(?s:.*)(?P<business_date>\d{8})(?s:.*)\.csv")
    name = correction_name(receipt(".a\u202e\n\\b\x1b20261101.csv"), contract)
    assert writable_key(name) == name
