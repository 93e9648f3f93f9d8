"""One process at a time changes the tables of a kind of entity."""

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from expectations.entity_spec import load_entity
from spark_jobs.control.exclusive import exclusive
from spark_jobs.control.lease import LeaseTaken
from spark_jobs.entities.erase import erasing
from spark_jobs.entities.resolution import resolve

PERSON = load_entity("person")
NO_ENGINE: Any = None
"""Who is kept waiting has not come to need it."""


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda again: resolve.resolve(NO_ENGINE, "person", {}), id="resolve"),
        pytest.param(lambda again: erasing.erase(NO_ENGINE, PERSON, "P1", "a court said so", again), id="erase"),
        pytest.param(lambda again: erasing.finish(NO_ENGINE, PERSON, again), id="purge"),
    ],
)
def test_a_second_process_waits_for_the_first(
    change: Callable[[erasing.ResolveAgain], object], lake_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert lake_home
    monkeypatch.setattr(resolve, "exclusive", partial(exclusive, wait_seconds=0))
    with (
        resolve.alone_with("person"),
        pytest.raises(LeaseTaken, match=f"resolve:person is held by process {os.getpid()}"),
    ):
        change(_never)


def _never(*_: object) -> Any:
    raise AssertionError("it has not been its turn")
