"""Kill the process at every crash point of a delivery's way: run again, and nothing has happened."""

from pathlib import Path

import pytest

from tests.e2e.files import REGISTRY
from tests.e2e.kills.stories_of_deliveries import STORIES
from tests.e2e.kills.story import Pair, Story, tell


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_killed_anywhere_and_run_again(story: Story, pair: Pair, tmp_path: Path) -> None:
    tell(story, pair, tmp_path)


def test_doing_all_of_it_again_changes_no_table(pair: Pair) -> None:
    lake = pair.killed
    before = lake.versions()
    assert before
    lake.run("collect", REGISTRY)
    lake.run("refine", REGISTRY, "--from", "2026-07-01T00:00:00+08:00", "--to", "2026-08-01T00:00:00+08:00")
    lake.run("verify", REGISTRY)
    assert lake.versions() == before
