"""The tables that the world carries beside it."""

import csv
from pathlib import Path

DATA = Path(__file__).with_name("data")
REAL = Path(__file__).parents[4] / "shared" / "real"
"""Published files beside the project, with their licences; absent on most machines."""


def read_table(name: str) -> list[dict[str, str]]:
    """Rows of a carried CSV."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
