"""Fewer than ten persons are not shown, nor can they be reckoned from what is."""

from decimal import Decimal

import pytest

from spark_jobs.ask.pages.small_cells import Cell, Number, protected


def hidden(*values: Number | None) -> list[str | None]:
    return [cell.hidden for cell in protected([Cell(str(n), value) for n, value in enumerate(values)])]


@pytest.mark.parametrize(
    ("value", "is_hidden"),
    [(None, False), (0, False), (1, True), (9, True), (Decimal(9), True), (10, False)],
)
def test_one_to_nine_are_hidden(value: Number | None, is_hidden: bool) -> None:
    assert hidden(value) == ["small" if is_hidden else None]


def test_where_one_is_hidden_the_smallest_of_the_others_is_too() -> None:
    assert hidden(120, 9, 30, 0, None) == [None, "small", "other", None, None]


def test_two_that_are_hidden_hide_each_other() -> None:
    assert hidden(120, 9, 30, 3) == [None, "small", None, "small"]


@pytest.mark.parametrize(
    ("of", "is_hidden"),
    [
        pytest.param((50, 100, 50), False, id="of many"),
        pytest.param((5, 100, 95), True, id="few have it"),
        pytest.param((95, 100, 5), True, id="few have it not"),
        pytest.param((0, 8, 8), True, id="of few"),
        pytest.param((100, 100, 0), False, id="all of many"),
    ],
)
def test_a_share_is_hidden_where_one_of_its_counts_would_be(of: tuple[int, ...], is_hidden: bool) -> None:
    cells = protected([Cell("a", 50.0, of), Cell("b", 20.0, (20, 100, 80))])
    assert [cell.hidden for cell in cells] == ["small" if is_hidden else None, None]
