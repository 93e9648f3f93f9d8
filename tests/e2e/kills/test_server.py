"""The same for upkeep of what the lake server writes; its refine is killed at every point in the Spark ring."""

from pathlib import Path

import pytest

from tests.e2e.kills.stories_of_upkeep import BY_THE_SERVER
from tests.e2e.kills.story import Pair, Story, tell

pytestmark = pytest.mark.parametrize("pair", ["server"], indirect=True, scope="module")


@pytest.mark.parametrize("story", BY_THE_SERVER, ids=lambda story: story.name)
def test_killed_anywhere_and_run_again(story: Story, pair: Pair, tmp_path: Path) -> None:
    tell(story, pair, tmp_path)
