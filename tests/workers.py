"""How tests are given out to two workers: a file goes to one of them, and what takes longest is begun first."""

import re
from typing import Any

import pytest
from xdist.scheduler import LoadFileScheduling

TOGETHER = ("tests/e2e/city",)
"""Folders that go to one worker as a whole: what they ask of is built once."""
BY_ENGINE = ("tests/spark/warehouse/test_build.py",)
"""Files in which each engine has a lake of its own, so that each can go to another worker."""
LONGEST = (
    *("tests/e2e/city", "tests/e2e/kills/test_entities.py", "tests/e2e/kills/test_deliveries.py"),
    *(
        "tests/e2e/test_accidents.py",
        "tests/e2e/test_three_engines.py",
        "tests/e2e/kills",
        "tests/e2e/test_without_java.py",
    ),
    *("tests/spark/warehouse", "tests/spark/refine/test_engines_agree.py", "tests/spark/refine/test_batch.py"),
    *("tests/spark/entities/test_engines_write_the_same.py", "tests/spark/recall", "tests/spark/entities"),
)
"""Beginnings of names of what takes longest, in that order: at the end no worker waits for another's long file."""


def in_order(items: list[pytest.Item]) -> list[pytest.Item]:
    """Tests in the order in which they are given out; of one file as they were."""
    return sorted(items, key=lambda item: _place(item.nodeid))


def _place(name: str) -> int:
    return next((place for place, start in enumerate(LONGEST) if name.startswith(start)), len(LONGEST))


class Files(LoadFileScheduling):  # type: ignore[misc]
    """A file to a worker, but for what is said above."""

    def _split_scope(self, nodeid: str) -> str:
        file = str(super()._split_scope(nodeid))
        if folder := next((each for each in TOGETHER if file.startswith(f"{each}/")), None):
            return folder
        engine = re.search(r"\[(\w+)", nodeid) if file in BY_ENGINE else None
        return f"{file} {engine[1]}" if engine else file


def scheduler(config: pytest.Config, log: Any) -> Files:
    """For xdist's hook."""
    return Files(config, log)
