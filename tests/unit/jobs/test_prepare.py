"""An existing lake is brought up to the code before anything works on it."""

from pathlib import Path

import pytest

from spark_jobs.base.errors import LakeError
from spark_jobs.base.settings import settings
from spark_jobs.jobs.prepare import prepare


def test_each_step_finds_what_the_ones_before_it_left(lake_home: Path) -> None:
    def first(at: object) -> list[str]:
        (lake_home / "moved").mkdir()
        return ["landing moved"]

    def second(at: object) -> list[str]:
        return ["receipts dated"] if (lake_home / "moved").is_dir() else []

    assert prepare(settings(), [first, second]) == ["landing moved", "receipts dated"]


def test_a_step_that_fails_stops_the_others_and_can_be_taken_again(lake_home: Path) -> None:
    taken: list[str] = []

    def fails(at: object) -> list[str]:
        raise LakeError("no space", "make room")

    def later(at: object) -> list[str]:
        taken.append("later")
        return taken

    with pytest.raises(LakeError, match="no space"):
        prepare(settings(), [fails, later])
    assert taken == []
    assert prepare(settings(), [later]) == ["later"]
