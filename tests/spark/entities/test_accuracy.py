"""Accuracy of the models in force, on generated records that they have never seen."""

from pathlib import Path
from typing import Any

import pytest

from spark_jobs.base.settings import PROJECT
from spark_jobs.city.mentions.generation import generate_mentions
from spark_jobs.entities.match.model import load_model, shipped_path
from spark_jobs.entities.measure.report import evaluate_files
from tests.measured_seed import SEED

RECORDS = 20_000
BARS = {"person": 0.9985, "legal_entity": 0.9985}
"""B-cubed F1 at the least."""

pytestmark = pytest.mark.usefixtures("without_server")


@pytest.fixture(params=BARS)
def measured(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, dict[str, Any]]:
    """A kind of entity, and the figures of its resolution by the shipped model."""
    entity = request.param
    generate_mentions(entity, "register", RECORDS, SEED, tmp_path)
    spec = PROJECT / "expectations" / "entities" / f"{entity}.yml"
    records, truth = tmp_path / "records.parquet", tmp_path / "truth.parquet"
    return entity, evaluate_files(spec, [records], truth, shipped_path(entity), None, "auto")


def test_records_of_a_city_that_no_model_has_seen(measured: tuple[str, dict[str, Any]]) -> None:
    entity, figures = measured
    assert figures["records"] == RECORDS
    assert BARS[entity] <= figures["b3_f1"] < 1


@pytest.mark.parametrize("entity", BARS)
def test_the_model_has_not_seen_them(entity: str) -> None:
    trained_on = load_model(shipped_path(entity)).trained_on
    assert "seed" in trained_on
    assert f"seed {SEED}" not in trained_on
