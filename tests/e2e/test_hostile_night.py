"""A night with a department's inbox full of hostile objects is, for every other department, a night without them."""

import os
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

from tests.e2e.conftest import Lake, resting_lake
from tests.e2e.files import ENTERPRISE, HOUSING, MARRIAGE, REGISTRY
from tests.e2e.kills.state import files_below
from tests.hostile_objects import HOSTILE, LONG_AGO, Make

SERVED = (MARRIAGE, ENTERPRISE, HOUSING)
"""Feeds of three other departments."""


def test_the_receipts_of_others_are_the_same_with_and_without_them(tmp_path: Path) -> None:
    without = night(tmp_path / "quiet", ())
    among = night(tmp_path / "hostile", HOSTILE.values())
    assert {name.split("/")[0] for name in without} == {feed.split("/")[0] for feed in SERVED}
    assert len([name for name in without if name.endswith(".receipt.json")]) >= len(SERVED)
    assert among == without


def night(home: Path, hostile: Iterable[Make]) -> dict[str, str]:
    """What the three departments find in their outboxes in the morning: files with a hash of what they say."""
    with resting_lake(home) as lake, lake.warm():
        deliver(lake)
        agency = home / "inbox" / REGISTRY.split("/")[0]
        agency.mkdir(exist_ok=True)
        for make in hostile:
            make(agency)
        lake.run("sweep")
        for feed in (REGISTRY, *SERVED):
            for step in ("collect", "refine", "verify"):
                # How the hostile department's own feed ends is told by its receipts, not by the command.
                lake.run(step, feed, check=feed != REGISTRY)
        found = {feed.split("/")[0]: files_below(home / "outbox" / feed.split("/")[0]) for feed in SERVED}
    # Deeper than what removes the temporary folder can follow.
    subprocess.run(["rm", "-rf", str(agency)], check=True)
    return {f"{department}/{name}": digest for department, files in found.items() for name, digest in files.items()}


def deliver(lake: Lake) -> None:
    """A small city's files of two days, put down at the same moment in any lake."""
    lake.run("city", "--records", "2000", "--days", "2", "--seed", "3", "--out", str(lake.home))
    shutil.rmtree(lake.home / "inbox" / REGISTRY)
    for path in (lake.home / "inbox").rglob("*"):
        if path.is_file():
            os.utime(path, (LONG_AGO, LONG_AGO))
