"""What the lake has of a key is what the last delivery with rows of it brought, in whatever order bronze is read."""

from itertools import permutations

import pytest

from spark_jobs.intake.canonical import Row
from spark_jobs.intake.pulls.brought import Brought

ROWS: list[tuple[int, Row]] = [
    (1, {"key": "a", "name": "甲"}),
    (2, {"key": "a", "name": "乙"}),
    (2, {"key": "a", "name": "丙"}),
    (3, {"key": "b", "name": None}),
]


def is_held(known: Brought, row: Row) -> bool:
    return known.holds(known.key_of(row), row)


@pytest.mark.parametrize("order", list(permutations(range(len(ROWS)))), ids=str)
def test_the_last_delivery_of_a_key_counts_and_all_of_its_rows(order: tuple[int, ...]) -> None:
    known = Brought(("key", "name"), ("key",))
    for place in order:
        known.add(*ROWS[place])
    assert [is_held(known, row) for _, row in ROWS] == [False, True, True, True]
    assert not known.has(known.key_of({"key": "c", "name": "甲"}))


def test_an_empty_text_and_none_are_the_same() -> None:
    known = Brought(("key", "name"), ("key",))
    known.add(1, {"key": "a", "name": ""})
    assert is_held(known, {"key": "a", "name": None})


def test_a_missing_key_is_no_key_that_rows_share() -> None:
    known = Brought(("key", "name"), ("key",))
    known.add(1, {"key": None, "name": "甲"})
    known.add(2, {"key": "", "name": "乙"})
    assert is_held(known, {"key": "", "name": "甲"})
    assert not is_held(known, {"key": None, "name": "丙"})


def test_values_do_not_run_into_each_other() -> None:
    known = Brought(("key", "name", "place"), ("key",))
    known.add(1, {"key": "a", "name": "12", "place": "3"})
    assert not is_held(known, {"key": "a", "name": "1", "place": "23"})
