"""Crash points of who is who: resolving, erasing, learning and approving a model."""

from pathlib import Path

from deltalake import DeltaTable

from tests.e2e.conftest import Lake
from tests.e2e.files import REGISTRY
from tests.e2e.kills.stories_of_deliveries import nothing, refined
from tests.e2e.kills.story import Command, Story, always

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


def erasing(lake: Lake) -> tuple[str, ...]:
    """Erase the person of most profiles: at first the one whom the steward joined."""
    return "erase", ids(lake)[0], "--reason", "a court said so"


def erasing_again() -> Command:
    """What the operator does after a kill: the same again while the person is there, then what is left of it."""
    begun: dict[Path, tuple[str, ...]] = {}

    def again(lake: Lake) -> tuple[str, ...]:
        command = begun.setdefault(lake.home, erasing(lake))
        return command if command[1] in ids(lake) else ("purge", "--entity", "person")

    return again


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
    Story(
        "tables of persons are compacted",
        nothing,
        always("upkeep", "optimize"),
        ("upkeep.after_compaction",),
    ),
    Story(
        "a person with an alias and a decision is erased",
        nothing,
        erasing_again(),
        (
            "erase.after_note",
            "erase.after_decisions",
            "erase.after_resolution",
            "purge.after_edges",
            "purge.after_aliases",
            "purge.after_events",
            "purge.after_note",
            "purge.after_vacuum",
            "purge.after_empty_commits",
            "purge.after_last_note",
            "purge.after_scratch",
            "purge.after_checkpoint",
            "purge.after_log",
        ),
    ),
    Story(
        "another person is erased",
        nothing,
        erasing,
        ("erase.before_proof",),
        again=always("purge", "--entity", "person"),
    ),
    Story(
        "a model is learned",
        nothing,
        always("train", "--entity", "person"),
        ("train.before_candidate", "train.after_candidate"),
    ),
    Story(
        "the model is approved",
        nothing,
        always("train", "--entity", "person", "--approve"),
        ("train.before_approval", "train.after_approval"),
    ),
)
"""In this order, each in the lake as the one before left it."""
