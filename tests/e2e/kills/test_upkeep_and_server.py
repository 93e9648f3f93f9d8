"""The same for what the lake server does: its refine and verify, upkeep, and the build of the warehouse."""

from pathlib import Path

import pytest

from tests.e2e.kills import stories_of_deliveries, stories_of_upkeep
from tests.e2e.kills.stories_of_deliveries import nothing
from tests.e2e.kills.story import Pair, Story, tell

ENGINE_S = ("refine.", "receipt.", "replacement.", "verify.")
"""Crash points that an engine is at work around; intake has none, and is killed in the other lakes."""
OF_DELIVERIES = [
    story
    for story in stories_of_deliveries.STORIES
    if story.before is not nothing and any(point.startswith(ENGINE_S) for point in story.points)
]


@pytest.mark.parametrize("pair", ["server"], indirect=True, scope="module")
@pytest.mark.parametrize("story", [*OF_DELIVERIES, *stories_of_upkeep.STORIES], ids=lambda story: story.name)
def test_killed_anywhere_and_run_again(story: Story, pair: Pair, tmp_path: Path) -> None:
    tell(story, pair, tmp_path)
