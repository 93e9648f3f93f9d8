"""Kill the process anywhere while it finds out who is who: everything is as if nothing had happened."""

from pathlib import Path

import pytest

from tests.e2e.kills.stories_of_entities import STORIES
from tests.e2e.kills.story import Pair, Story, tell


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_killed_anywhere_and_run_again(story: Story, pair: Pair, tmp_path: Path) -> None:
    tell(story, pair, tmp_path)
