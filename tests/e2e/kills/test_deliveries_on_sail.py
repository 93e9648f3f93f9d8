"""The same for refine and verify on Sail, in lakes where nothing runs between two commands."""

from pathlib import Path

import pytest

from tests.e2e.kills.stories_of_deliveries import STORIES, nothing
from tests.e2e.kills.story import Pair, Story, tell

ENGINE_S = ("refine.", "receipt.", "replacement.", "verify.")
"""Crash points that an engine is at work around; intake has none, and was killed in the other lakes."""
TOLD = [
    story
    for story in STORIES
    if story.before is not nothing and any(point.startswith(ENGINE_S) for point in story.points)
]


@pytest.mark.parametrize("pair", ["sail"], indirect=True, scope="module")
@pytest.mark.parametrize("story", TOLD, ids=lambda story: story.name)
def test_killed_anywhere_and_run_again(story: Story, pair: Pair, tmp_path: Path) -> None:
    tell(story, pair, tmp_path)
