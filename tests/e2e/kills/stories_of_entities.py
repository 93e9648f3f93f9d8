"""Crash points of who is who: persons resolved, and resolved again with new records and a decision."""

from pathlib import Path

from deltalake import DeltaTable

from tests.e2e.conftest import Lake
from tests.e2e.files import REGISTRY
from tests.e2e.kills.stories_of_deliveries import refined
from tests.e2e.kills.story import Story, always

RESOLVE = always("resolve", "--entity", "person")


def published(lake: Lake, folder: Path, *days: int) -> None:
    """Files of the resident registry, published."""
    for day in days:
        refined(lake, folder, day)
    lake.run("verify", REGISTRY)


def two_files_published(lake: Lake, folder: Path) -> None:
    """What the first resolution reads."""
    published(lake, folder, 1, 2)


def another_file_and_a_decision(lake: Lake, folder: Path) -> None:
    """New persons, and two known ones that a steward holds to be one: an id retires."""
    published(lake, folder, 3)
    one, other = ids(lake)[:2]
    lake.run("decide", "must-link", one, other, "--reason", "one person with two numbers", "--by", "steward", "--later")


def ids(lake: Lake) -> list[str]:
    """Ids of the persons of today, those of most profiles first; they follow from the data, so both lakes have them."""
    rows = DeltaTable(str(lake.home / "lake" / "entities" / "person")).to_pyarrow_table().to_pylist()
    return [row["person_id"] for row in sorted(rows, key=lambda row: (-row["profiles"], row["person_id"]))]


STORIES = (
    Story(
        "persons are resolved for the first time",
        two_files_published,
        RESOLVE,
        ("resolve.after_deliveries", "resolve.after_taking_back", "resolve.after_members"),
    ),
    Story(
        "new records and a decision change who is who",
        another_file_and_a_decision,
        RESOLVE,
        (
            "resolve.before_deliveries",
            "resolve.after_profiles",
            "resolve.after_edges",
            "resolve.after_entities",
            "resolve.after_aliases",
            "resolve.after_events",
            "resolve.after_resolution",
            "resolve.after_records",
        ),
    ),
)
"""In this order, each in the lake as the one before left it."""
