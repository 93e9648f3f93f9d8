"""The same for refine and verify on Sail, in lakes where nothing runs between two commands."""

from pathlib import Path

import pytest

from tests.e2e.kills.stories_of_deliveries import STORIES
from tests.e2e.kills.story import Pair, Story, tell


@pytest.mark.parametrize("pair", ["sail"], indirect=True, scope="module")
@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_killed_anywhere_and_run_again(story: Story, pair: Pair, tmp_path: Path) -> None:
    tell(story, pair, tmp_path)
