"""Cells of few persons are put together until each group is of enough, and no margin gives one away."""

from collections import defaultdict

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from spark_jobs.release.partition import Partition, partition
from spark_jobs.release.persons import Persons

LEAST = 10
CELLS = st.lists(
    st.tuples(st.integers(0, 2), st.integers(0, 2), st.integers(0, 2), st.frozensets(st.integers(0, 60), max_size=25)),
    min_size=1,
    max_size=30,
    unique_by=lambda cell: cell[:3],
)


def grouped(cells: dict[str, int], least: int = LEAST) -> list[tuple[set[str], int]]:
    """Groups of cells that are named by a letter a dimension, with the dimensions by which each is told apart."""
    names = list(cells)
    dimensions = [np.array([ord(name[place]) for name in names]) for place in range(len(names[0]))]
    found = partition(dimensions, Persons.of(pa.chunked_array([pa.array(cells.values(), pa.int64())])), least)
    together = defaultdict(set)
    for name, group, depth in zip(names, found.group.tolist(), found.depth.tolist(), strict=True):
        if group >= 0:
            together[group, depth].add(name)
    return sorted(((members, depth) for (_, depth), members in together.items()), key=lambda each: min(each[0]))


def test_cells_of_enough_persons_stay_as_they_are() -> None:
    assert grouped({"ax": 10, "ay": 12, "bx": 30}) == [({"ax"}, 2), ({"ay"}, 2), ({"bx"}, 2)]


def test_small_cells_become_the_rest_of_what_they_share() -> None:
    assert grouped({"ax": 20, "ay": 6, "az": 5}) == [({"ax"}, 2), ({"ay", "az"}, 1)]


def test_one_small_cell_takes_the_smallest_other_in_lest_the_margin_gives_it_away() -> None:
    assert grouped({"ax": 20, "ay": 14, "az": 3}) == [({"ax"}, 2), ({"ay", "az"}, 1)]
    assert grouped({"ax": 20, "ay": 3}) == [({"ax", "ay"}, 1)]


def test_what_is_too_small_at_one_level_goes_to_the_level_above() -> None:
    assert grouped({"ax": 20, "ay": 20, "bx": 3, "by": 3, "cx": 4}) == [
        ({"ax"}, 2), ({"ay"}, 2), ({"bx", "by", "cx"}, 0),
    ]  # fmt: skip


def test_of_too_few_in_all_there_is_no_group() -> None:
    assert grouped({"ax": 4, "bx": 5}) == []


def told_apart(inside: list[int], left_out: list[int]) -> list[int]:
    """Of three cells that leave out so many of a whole, by how many dimensions each is told apart."""
    persons = Persons.of(pa.chunked_array([pa.array(inside, pa.int64())]))
    depths: list[int] = partition([np.array([0, 1, 2])], persons, LEAST, (1, np.array(left_out))).depth.tolist()
    return depths


def test_a_group_leaves_out_as_many_of_a_whole_as_it_is_of_or_is_not_told_apart() -> None:
    assert told_apart([20, 30, 40], [10, 11, 12]) == [1, 1, 1]
    assert told_apart([20, 30, 40], [1, 14, 12]) == [0, 1, 0]
    assert told_apart([20, 30, 40], [1, 2, 40]) == [0, 0, 0]
    assert told_apart([20, 30, 40], [-1, 14, 12]) == [0, 1, 0]
    assert told_apart([20, 30, 40], [-8, 15, 40]) == [0, 0, 0]


def test_of_a_whole_that_is_hardly_greater_nothing_is_told_apart() -> None:
    assert told_apart([20, 30, 40], [2, 3, 1]) == [0, 0, 0]


def test_a_person_in_several_cells_is_counted_once_in_a_group() -> None:
    same = [[1, 2, 3, 4, 5], [1, 2, 3, 4, 5], [*range(10, 20)]]
    keys = pa.chunked_array([pa.array(same, pa.list_(pa.int64()))])
    found = partition([np.array([0, 1, 2])], Persons.of(keys), LEAST)
    assert found.group.tolist() == [0, 0, 0]
    assert found.persons.tolist() == [15]


def groups_at(cells: list[tuple[int, int, int, frozenset[int]]], found: Partition, level: int) -> list[set[int]]:
    """Persons of what is told apart at a level: of each group, or of all groups that share the codes so far."""
    who: dict[tuple[object, ...], set[int]] = defaultdict(set)
    for (*codes, persons), group, depth in zip(cells, found.group.tolist(), found.depth.tolist(), strict=True):
        who[(*codes[:level],) if depth >= level else ("rest", group)] |= persons
    return list(who.values())


@given(CELLS)
def test_whatever_is_summed_up_each_group_is_of_enough_persons(
    cells: list[tuple[int, int, int, frozenset[int]]],
) -> None:
    keys = pa.chunked_array([pa.array([sorted(persons) for *_, persons in cells], pa.list_(pa.int64()))])
    dimensions = [np.array([cell[place] for cell in cells]) for place in range(3)]
    found = partition(dimensions, Persons.of(keys), LEAST)
    if len({person for *_, persons in cells for person in persons}) < LEAST:
        assert set(found.group.tolist()) == {-1}
        return
    for level in range(4):
        assert min(len(persons) for persons in groups_at(cells, found, level)) >= LEAST
