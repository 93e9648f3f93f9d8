"""The dbt project as files: rendered sources agree with the contracts, and no model goes undescribed."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from expectations.contract.catalogue import load_feeds
from expectations.entity_spec import load_entities
from expectations.render.dbt import dbt_sources

DBT = Path(__file__).resolve().parents[3] / "dbt"
MODELS = sorted(DBT.glob("models/**/*.sql"))
SEEDS = sorted(DBT.glob("seeds/*.csv"))


def described(path: Path, kind: str) -> dict[str, Any]:
    """The description beside a model or seed, which carries its name."""
    (found,) = yaml.safe_load(path.with_suffix(".yml").read_text("utf-8"))[kind]
    assert found["name"] == path.stem
    return dict(found)


def test_sources_are_those_the_contracts_render() -> None:
    rendered = dbt_sources(load_feeds(), load_entities())
    assert (DBT / "models/staging/sources.yml").read_text("utf-8") == rendered, "run make render"


@pytest.mark.parametrize("model", MODELS, ids=lambda path: path.stem)
def test_a_model_says_what_it_is_in_both_languages_and_its_grain(model: Path) -> None:
    description = described(model, "models")["description"]
    assert any("\u4e00" <= letter <= "\u9fff" for letter in description)
    assert "Grain: one row per" in description


@pytest.mark.parametrize("model", [m for m in MODELS if "staging" not in m.parts], ids=lambda path: path.stem)
def test_a_base_library_or_mart_has_a_unit_test(model: Path) -> None:
    tests = yaml.safe_load(model.with_suffix(".yml").read_text("utf-8"))["unit_tests"]
    assert {test["model"] for test in tests} == {model.stem}


@pytest.mark.parametrize("model", [m for m in MODELS if "staging" not in m.parts], ids=lambda path: path.stem)
def test_no_base_library_or_mart_shows_a_citizen_number(model: Path) -> None:
    assert "resident_id" not in model.read_text("utf-8")
    assert not [c["name"] for c in described(model, "models")["columns"] if "resident_id" in c["name"]]


@pytest.mark.parametrize("seed", SEEDS, ids=lambda path: path.stem)
def test_every_code_of_a_code_table_is_text(seed: Path) -> None:
    header = seed.read_text("utf-8").splitlines()[0].split(",")
    types = described(seed, "seeds")["config"]["column_types"]
    assert types == dict.fromkeys(header, "string")
