"""Counts that stand beside each other single nobody out: not by themselves, and not by what is left between them."""

import numpy as np
import pytest

from spark_jobs.release.figures import showable

LEAST = 10


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        pytest.param([400, 300], [True, True], id="many with, many without"),
        pytest.param([400, 9], [True, False], id="few with"),
        pytest.param([400, 391], [True, False], id="few without"),
        pytest.param([400, 0], [True, False], id="none: said of each"),
        pytest.param([400, 400], [True, False], id="all: said of each"),
        pytest.param([400, 100, 95], [True, True, False], id="few of one that are not of the other"),
        pytest.param([400, 100, 300], [True, True, True], id="a part and what is left: an identity"),
        pytest.param([400, 250, 100, 152], [True, True, True, False], id="few that are of both: insured twice"),
        pytest.param([400, 9, 395], [True, False, False], id="what is hidden hides what is left"),
        pytest.param([400, np.nan], [True, False], id="not known"),
        pytest.param([8, 5], [False, False], id="few in all"),
    ],
)
def test_a_count_is_shown_where_no_small_group_shows(counts: list[float], shown: list[bool]) -> None:
    assert showable(np.array([counts], float), LEAST).tolist() == [shown]


def test_each_row_is_looked_at_by_itself() -> None:
    assert showable(np.array([[400, 9], [400, 40]], float), LEAST).tolist() == [[True, False], [True, True]]
