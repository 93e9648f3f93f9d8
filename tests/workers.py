"""How tests are given out to two workers: a file goes to one of them, and what takes longest is begun first."""

import re
from typing import Any

import pytest
from xdist.scheduler import LoadFileScheduling

TOGETHER = ("tests/e2e/city",)
"""Folders that go to one worker as a whole: what they ask of is built once."""
OF_THE_SERVER = (
    *("tests/spark/lake", "tests/spark/test_discretion.py", "tests/spark/refine/test_engines_agree.py"),
    *("tests/spark/refine/test_silver_readers.py", "tests/spark/entities/test_engines"),
    *("tests/spark/entities/test_evaluate_faults.py", "tests/spark/entities/test_golden.py"),
)
"""Beginnings of names of what asks the Spark ring's lake server, as does every test that is there for each engine.

One worker has that server, for a second would start, load and compile the same again: a hundred CPU-seconds.
"""
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


def asks_the_server(name: str) -> bool:
    """The test runs on the ring's lake server."""
    return name.startswith(OF_THE_SERVER) or bool(re.search(r"[\[-]server[\]-]", name))


class Files(LoadFileScheduling):  # type: ignore[misc]
    """A file to a worker, but for what is said above."""

    def _split_scope(self, nodeid: str) -> str:
        if asks_the_server(nodeid):
            return "of the server"
        file = str(super()._split_scope(nodeid))
        return next((each for each in TOGETHER if file.startswith(f"{each}/")), file)


def scheduler(config: pytest.Config, log: Any) -> Files:
    """For xdist's hook."""
    return Files(config, log)
