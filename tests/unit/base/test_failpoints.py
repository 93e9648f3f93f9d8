"""Crash points: the code's calls are the list, and a story of the kill tests passes each of them."""

import os
import signal
import subprocess
import sys

import pytest

from tests.crash_points import crash_points
from tests.e2e.kills import stories_of_deliveries, stories_of_entities, stories_of_upkeep
from tests.source_tree import PROJECT

STORIES = (
    *stories_of_deliveries.STORIES,
    *stories_of_entities.STORIES,
    *stories_of_upkeep.STORIES,
)
PASS = "from spark_jobs.base.failpoints import failpoint\nfor name in ('a.one', 'a.two', 'a.one'): failpoint(name)"


def test_every_crash_point_of_the_code_is_killed_at_by_a_story() -> None:
    told = {point for story in STORIES for point in story.points}
    untold = {point: place for point, place in crash_points().items() if point not in told}
    assert untold == {}, "add it to the story in tests/e2e/kills that passes it"
    assert sorted(told - set(crash_points())) == [], "no longer in the code"


def test_every_story_has_a_name_of_its_own() -> None:
    assert len({story.name for story in STORIES}) == len(STORIES)


@pytest.mark.parametrize(
    ("armed", "ended"),
    [
        pytest.param("", 0, id="not armed"),
        pytest.param("a.other", 0, id="another one is"),
        pytest.param("a.one", -signal.SIGKILL, id="armed"),
        pytest.param("a.one:2", -signal.SIGKILL, id="on the second pass"),
        pytest.param("a.two:2", 0, id="passed once only"),
    ],
)
def test_a_process_dies_where_it_is_armed(armed: str, ended: int) -> None:
    env = os.environ | {"LAKE_FAILPOINT": armed, "PYTHONPATH": str(PROJECT)}
    assert subprocess.run([sys.executable, "-c", PASS], env=env, check=False).returncode == ended
