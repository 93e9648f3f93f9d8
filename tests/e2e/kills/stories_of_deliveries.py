"""Crash points on the way of a delivery: intake, refine, receipts, verify."""

from functools import partial
from pathlib import Path

from tests.e2e import files
from tests.e2e.conftest import Lake
from tests.e2e.files import REGISTRY
from tests.e2e.kills.story import Story, always

FIRST = 1_760_000_000
"""When files were put down, in seconds since 1970: both lakes have them with the same times."""


def dropped(lake: Lake, folder: Path, day: int, version: int = 0) -> None:
    """Three rows of the resident registry, one of them broken, as the file of a day in July; or a newer one over it."""
    name = f"resident_registry_202607{day:02d}.csv"
    first = 20_000 + day * 10 + version
    rows = [files.registry_row(first + i) for i in range(3)]
    rows[1] = files.registry_row(first + 1, birth_date="00000000")
    lake.drop(REGISTRY, files.registry(folder, name, rows), name, FIRST + version)


def collected(lake: Lake, folder: Path, day: int) -> None:
    """The file of a day, taken into bronze."""
    dropped(lake, folder, day)
    lake.run("collect", REGISTRY)


def two_collected(lake: Lake, folder: Path) -> None:
    """Two files in bronze at once."""
    dropped(lake, folder, 3)
    collected(lake, folder, 4)


def refined(lake: Lake, folder: Path, day: int) -> None:
    """The file of a day, in silver and quarantine."""
    collected(lake, folder, day)
    lake.run("refine", REGISTRY)


def a_newer_version_collected(lake: Lake, folder: Path) -> None:
    """A file in silver, and another that was put over it in bronze."""
    refined(lake, folder, 6)
    dropped(lake, folder, 6, version=1)
    lake.run("collect", REGISTRY)


STORIES = (
    Story(
        "a delivery is collected",
        partial(dropped, day=1),
        always("collect", REGISTRY),
        (
            "intake.after_seen",
            "intake.after_claim",
            "intake.after_landing_copy",
            "intake.after_bronze_commit",
            "intake.after_parsed",
        ),
    ),
    Story(
        "a delivery is refined and its receipt written",
        partial(collected, day=2),
        always("refine", REGISTRY),
        (
            "refine.after_read",
            "refine.before_quarantine_commit",
            "refine.after_quarantine_commit",
            "refine.after_silver_commit",
            "receipt.before_outbox",
            "receipt.after_outbox",
        ),
    ),
    Story(
        "the first of two deliveries is closed",
        two_collected,
        always("refine", REGISTRY),
        ("refine.after_ledger_commit",),
    ),
    Story(
        "a newer version takes the place of an older one",
        a_newer_version_collected,
        always("refine", REGISTRY),
        ("replacement.after_receipt", "replacement.after_bronze_removal"),
    ),
    Story(
        "what was refined is checked and published",
        partial(refined, day=5),
        always("verify", REGISTRY),
        ("verify.after_checks", "verify.after_page", "verify.after_publication"),
    ),
)
"""In this order, each in the lake as the one before left it."""
