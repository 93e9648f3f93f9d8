"""Which engine an increment has: by what has come since, not by all that is known."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from expectations.entity_spec import load_entity
from spark_jobs.base.settings import settings
from spark_jobs.control.publication import published_versions
from spark_jobs.entities.match.model import approved_model
from spark_jobs.entities.resolution import bench, writing
from spark_jobs.entities.resolution.bench import engine_of
from spark_jobs.lake.engine import choice
from tests.spark.recall.town import Town, broken, opened, resident

MOST = 35
"""Records for which Sail is the better engine."""


@pytest.fixture
def town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Town]:
    """A registry of forty residents."""
    monkeypatch.setattr(choice, "_can_have_sail", lambda: True)
    monkeypatch.delenv("LAKE_RESOLVE_ENGINE", raising=False)
    with opened(tmp_path / "home", tmp_path, LAKE_RESOLVE_SAIL_RECORDS=str(MOST)) as found:
        found.registry(1, *(resident(number, 1) for number in range(40)))
        found.night()
        yield found


def engine_now(full: bool = False) -> str:
    return engine_of(load_entity("person"), published_versions(), full).name


@pytest.fixture
def resolved(town: Town, monkeypatch: pytest.MonkeyPatch) -> Town:
    """The same, whose residents are known."""
    with monkeypatch.context() as patch:
        patch.setenv("LAKE_RESOLVE_ENGINE", "sail")
        settings.cache_clear()
        town.resolved()
    settings.cache_clear()
    return town


def test_a_first_resolution_joins_all_of_them(town: Town) -> None:
    assert engine_now() == "server"


def test_what_an_interrupted_resolution_took_in_is_still_to_come(
    resolved: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(name: str) -> None:
        if name == "resolve.after_deliveries":
            raise KeyboardInterrupt

    resolved.registry(2, *(resident(number, 2) for number in range(8)))
    resolved.night()
    assert engine_now() == "server"
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setenv("LAKE_RESOLVE_ENGINE", "sail")
        patch.setattr(writing, "failpoint", interrupt)
        settings.cache_clear()
        resolved.resolved()
    settings.cache_clear()
    assert engine_now() == "server"


def test_an_increment_is_as_large_as_what_has_come(resolved: Town) -> None:
    assert engine_now() == "sail"
    resolved.registry(2, *(resident(number, 2) for number in range(6)))
    resolved.night()
    assert engine_now() == "sail"
    resolved.registry(3, *(resident(number, 3) for number in range(2)))
    resolved.night()
    assert engine_now() == "server"


def test_everything_anew_is_everything(resolved: Town) -> None:
    assert engine_now(full=True) == "server"


def test_another_model_resolves_everything(resolved: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    model = approved_model(load_entity("person"))
    monkeypatch.setattr(bench, "approved_model", lambda _: model.model_copy(update={"prior": model.prior - 1}))
    assert engine_now() == "server"


def test_from_a_store_whole_tables_would_be_copied(resolved: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere = settings().model_copy(update={"s3_endpoint": "http://127.0.0.1:1"})
    monkeypatch.setattr(bench, "settings", lambda: elsewhere)
    assert engine_now() == "server"


def test_many_deliveries_are_not_counted_one_by_one(resolved: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("spark_jobs.entities.resolution.arrivals._FEW", 0)
    resolved.registry(2, resident(1, 2), broken(2, 2))
    resolved.night()
    assert engine_now() == "server"
