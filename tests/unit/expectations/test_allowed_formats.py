"""Whoever writes a date otherwise than agreed is told how it is written."""

from datetime import date

import pytest

from expectations.allowed_formats import allowed_formats, example
from expectations.contract.catalogue import load_feeds


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("yyyyMMdd", "20260905"),
        ("yyyy-M-d H:mm", "2026-9-5 8:30"),
        ("yyyy-MM-dd'T'HH:mm:ss", "2026-09-05T08:30:00"),
        ("yyyy年MM月dd日", "2026年09月05日"),
    ],
)
def test_a_format_is_told_by_an_example(pattern: str, said: str) -> None:
    assert example(pattern) == said


def test_every_date_of_the_city_is_told_by_dates_that_exist() -> None:
    told = {(feed.id, name): text for feed in load_feeds() for name, text in allowed_formats(feed).items()}
    assert told
    for text in told.values():
        for each in text.partition("可写作：")[2].split(" 或 "):
            digits = "".join(char if char.isdigit() else " " for char in each).split()
            numbers = digits if len(digits) > 1 else [each[:4], each[4:6] or "1", each[6:8] or "1"]
            year, month, day = (int(number) for number in [*numbers, "1", "1"][:3])
            assert date(year, month, day).year == 2026, text
