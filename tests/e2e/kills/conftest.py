"""Two lakes side by side for the stories of one file."""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from spark_jobs.base.settings import PROJECT
from tests.e2e.conftest import resting_lake
from tests.e2e.kills.story import Pair


def own_tree(to: Path) -> Path:
    """The source of a lake of its own: who approves a model changes a file of it."""
    for name in ("expectations", "spark_jobs", "dbt"):
        shutil.copytree(PROJECT / name, to / name, ignore=shutil.ignore_patterns("target", "logs"))
    (to / "infra").symlink_to(PROJECT / "infra")
    return to


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    """Two new lakes with the same secrets; without a server, Sail does all that an engine is needed for."""
    with ExitStack() as stack:
        lakes = []
        for name in ("quiet", "killed"):
            home = tmp_path_factory.mktemp(name)
            # What stands for an erased profile is salted; with one salt two lakes can be compared.
            (home / "secrets").mkdir(mode=0o700)
            (home / "secrets" / "erasure-salt").write_text("0" * 64)
            project = own_tree(tmp_path_factory.mktemp("project"))
            lake = stack.enter_context(
                resting_lake(home, project, LAKE_REFINE_ENGINE="sail", LAKE_WAREHOUSE_ENGINE="sail")
            )
            stack.enter_context(lake.warm())
            lakes.append(lake)
        yield Pair(*lakes)
