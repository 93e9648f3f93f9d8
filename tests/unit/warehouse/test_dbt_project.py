"""The dbt project as files: rendered sources agree with the contracts, and no model goes undescribed."""

import re
from pathlib import Path
from typing import Any

import yaml

from expectations.contract.catalogue import feed_ids
from expectations.entity_spec import load_entities
from spark_jobs.lake.silver.parts import settled_of, state_of

DBT = Path(__file__).resolve().parents[3] / "dbt"
MODELS = sorted(DBT.glob("models/**/*.sql"))
CHINESE = re.compile("[\u4e00-\u9fff]")
BUILT = [model for model in MODELS if "staging" not in model.parts]
"""Base libraries and marts."""
SEEDS = sorted(DBT.glob("seeds/*.csv"))


def described(path: Path, kind: str) -> dict[str, Any]:
    """The description beside a model or seed, which carries its name."""
    (found,) = yaml.safe_load(path.with_suffix(".yml").read_text("utf-8"))[kind]
    assert found["name"] == path.stem
    return dict(found)


def test_a_staging_model_stands_in_its_agencys_folder_and_reads_its_feed() -> None:
    models = [model for model in MODELS if "staging" in model.parts]
    assert models
    for model in models:
        # A second model, by hand, has every row of the feed with the time in which it held.
        agency, _, feed = model.stem.removeprefix("stg_").removesuffix("_history").partition("__")
        assert model.parent.name == agency
        assert f"published('{agency}__{feed}')" in model.read_text("utf-8")
        assert f"{agency}/{feed}" in feed_ids()


def test_no_table_is_a_source_twice() -> None:
    sources = [yaml.safe_load(path.read_text("utf-8"))["sources"] for path in DBT.glob("models/**/source_*.yml")]
    tables = [(source["name"], table["name"]) for (source,) in sources for table in source["tables"]]
    assert len(tables) == len(set(tables)) == len(feed_ids()) + 3 * len(load_entities())


def test_every_model_says_what_it_is_in_both_languages_and_its_grain() -> None:
    descriptions = {model.stem: described(model, "models")["description"] for model in MODELS}
    assert descriptions
    assert [
        name for name, text in descriptions.items() if not any("\u4e00" <= letter <= "\u9fff" for letter in text)
    ] == []
    assert [name for name, text in descriptions.items() if "Grain: one row per" not in text] == []


def test_every_base_library_and_mart_has_a_unit_test() -> None:
    described_by = {model.stem: yaml.safe_load(model.with_suffix(".yml").read_text("utf-8")) for model in BUILT}
    tested = {name: {test["model"] for test in text.get("unit_tests", [])} for name, text in described_by.items()}
    assert tested
    assert [name for name, models in tested.items() if models != {name}] == []


def test_no_base_library_or_mart_shows_a_citizen_number() -> None:
    shown = {model.stem: [c["name"] for c in described(model, "models")["columns"]] for model in BUILT}
    assert shown
    assert [name for name, columns in shown.items() if any("resident_id" in column for column in columns)] == []
    assert [model.stem for model in BUILT if "resident_id" in model.read_text("utf-8")] == []


def test_every_code_of_a_code_table_is_text() -> None:
    typed = {seed: described(seed, "seeds")["config"]["column_types"] for seed in SEEDS}
    headers = {seed: seed.read_text("utf-8").splitlines()[0].split(",") for seed in SEEDS}
    assert typed
    assert [seed.stem for seed, types in typed.items() if types != dict.fromkeys(headers[seed], "string")] == []


def test_the_calendar_of_working_days_is_described() -> None:
    (calendar,) = DBT.glob("seeds/calendar/*.csv")
    columns = [column["name"] for column in described(calendar, "seeds")["columns"]]
    assert calendar.read_text("utf-8").splitlines()[0].split(",") == columns


def test_models_join_silver_as_the_jobs_do() -> None:
    macros = (DBT / "macros" / "silver_state.sql").read_text("utf-8")
    assert state_of("{{ source }}", "{{ wanted }}") in macros
    assert settled_of("{{ source }}", "{{ wanted }}", "{{ ended }}") in macros.replace("\nUNION ALL", " UNION ALL")


def test_a_history_is_compared_with_the_table_of_current_rows() -> None:
    histories = [model for model in BUILT if model.stem.endswith("_history")]
    assert len(histories) > 3
    for model in histories:
        tests = {
            name: given["arguments"]
            for each in described(model, "models")["data_tests"]
            for name, given in each.items()
        }
        assert {"rows_hold", "history_is_whole"} <= tests.keys()
        current = model.stem.removesuffix("_history")
        is_kept = model.with_name(f"{current}.sql").exists()
        assert tests["history_is_whole"].get("current") == (f"ref('{current}')" if is_kept else None)
