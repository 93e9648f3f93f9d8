"""Which engine resolves files in the end, where Sail cannot."""

from pathlib import Path
from typing import Any

import pytest

from expectations.entity_spec import load_spec
from spark_jobs.base.errors import LakeError
from spark_jobs.base.settings import settings
from spark_jobs.entities.measure import on_engine
from spark_jobs.entities.measure.spec_faults import Lacking
from spark_jobs.lake.engine import choice
from spark_jobs.lake.engine.workbench import Engine, NoRoomError
from spark_jobs.lake.server import lifecycle
from tests.source_tree import PROJECT

SPEC = PROJECT / "tests" / "entities_specs" / "companies.yml"


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the engines that were asked, one after the other."""
    monkeypatch.delenv("LAKE_RESOLVE_ENGINE", raising=False)
    settings.cache_clear()
    monkeypatch.setattr(choice, "_can_have_sail", lambda: True)
    return []


def resolved(monkeypatch: pytest.MonkeyPatch, asked: list[str], of_sail: Exception) -> Any:
    def on(engine: Engine, *_: object) -> str:
        asked.append(engine.name)
        if engine.name == "sail":
            raise of_sail
        return "done"

    monkeypatch.setattr(on_engine, "_on", on)
    work = on_engine.Work("evaluate", SPEC, load_spec(SPEC), [Path("none.csv")], lambda *_: "never")
    return on_engine.done(work, lifecycle.lent)


CANNOT = [Lacking("collate"), NoRoomError("too little memory", "more")]


@pytest.mark.parametrize("of_sail", CANNOT, ids=["function", "memory"])
def test_the_lake_server_does_what_sail_cannot(
    monkeypatch: pytest.MonkeyPatch, asked: list[str], of_sail: Exception
) -> None:
    assert resolved(monkeypatch, asked, of_sail) == "done"
    assert asked == ["sail", "server"]


@pytest.mark.parametrize("of_sail", CANNOT, ids=["function", "memory"])
def test_where_the_settings_want_sail_it_is_told(
    monkeypatch: pytest.MonkeyPatch, asked: list[str], of_sail: Exception
) -> None:
    monkeypatch.setenv("LAKE_RESOLVE_ENGINE", "sail")
    settings.cache_clear()
    with pytest.raises(LakeError):
        resolved(monkeypatch, asked, of_sail)
    assert asked == ["sail"]
