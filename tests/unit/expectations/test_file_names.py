"""The pattern of a feed's file names, as a clerk reads it."""

import re
from datetime import date

import pytest

from expectations.contract.catalogue import load_feeds
from expectations.contract.channels import FileOptions
from expectations.contract.file_names import example_name, in_words

DAY = date(2026, 11, 2)


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        (r"a_(?P<business_date>\d{8})\.csv", "a_〔业务日期〕.csv，例如 a_20261102.csv"),
        (r"a_(?P<business_date>\d{8}).*\.csv", "a_〔业务日期〕〔可加其他字符〕.csv，例如 a_20261102.csv"),
        (
            r"(?:a_)?(?P<business_date>\d{4}-\d{2}-\d{2}|\d{8})\.(?:parquet|csv)",
            "〔a_，可省略〕〔业务日期〕.〔parquet 或 csv〕，例如 a_20261102.parquet",
        ),
        (r"[a-z]+(?P<business_date>\d{8})", r"[a-z]+(?P<business_date>\d{8})"),
    ],
)
def test_a_pattern_in_words(pattern: str, words: str) -> None:
    assert in_words(pattern, DAY) == words


def test_no_clerk_reads_a_regular_expression() -> None:
    for feed in load_feeds():
        if isinstance(feed.arrival, FileOptions):
            words = in_words(feed.arrival.pattern, DAY)
            assert re.search(r"[\\*?]|business_date|\d\{", words) is None
            assert str(example_name(feed.arrival.pattern, DAY)) in words.partition("，例如 ")[2]
