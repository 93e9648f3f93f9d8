"""One is one thing."""

import pytest

from spark_jobs.base.counted import counted


@pytest.mark.parametrize(
    ("number", "words", "text"),
    [
        (1, ("finding",), "1 finding"),
        (0, ("finding",), "0 findings"),
        (2000, ("delivery", "deliveries"), "2,000 deliveries"),
        (1, ("delivery", "deliveries"), "1 delivery"),
    ],
)
def test_the_word_agrees_with_the_number(number: int, words: tuple[str, ...], text: str) -> None:
    assert counted(number, *words) == text
