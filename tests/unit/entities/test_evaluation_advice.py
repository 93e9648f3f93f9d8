"""What an evaluation says of keys and comparisons that do nothing."""

from typing import Any

import pyarrow as pa
import pytest

from expectations.entity_spec import EntitySpec
from spark_jobs.entities.match.model import LevelShares, Model
from spark_jobs.entities.measure.advice import advice, idle
from spark_jobs.entities.measure.column_shares import ColumnShares, column_shares

SPEC = EntitySpec.model_validate(
    {
        "entity": "firm",
        "title": "企业",
        "title_en": "Firms",
        "id_prefix": "F",
        "records": {"id": "id"},
        "attributes": [{"name": "name"}, {"name": "site"}],
        "matching": {
            "keys": [{"name": "plain_name", "by": "plain", "of": ["name"]}],
            "comparisons": [
                {"name": "name", "levels": [{"kind": "equal", "of": ["plain_name"]}]},
                {"name": "site", "levels": [{"kind": "equal", "of": ["site"]}]},
            ],
            "blocking": [{"equal": ["plain_name"]}],
        },
    }
)
GOOD = {"plain_name": ColumnShares(0.1, 0.02), "site": ColumnShares(0.6, 0.5)}


def model(**shares: LevelShares) -> Model:
    telling = LevelShares(m=(0.1, 0.9), u=(0.99, 0.01))
    return Model(entity="firm", prior=-9, comparisons={"name": telling, "site": telling} | shares)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        pytest.param(["a", "a", "b", None], (0.25, 2 / 3), id="texts"),
        pytest.param(["a", "", "", None], (0.75, 1.0), id="an empty text is no value"),
        pytest.param([["a", "b"], ["a"], [], None], (0.5, 2 / 3), id="lists"),
        pytest.param([1, 1, 1, 2], (0.0, 0.75), id="numbers"),
        pytest.param([None, None], (1.0, 0.0), id="nothing at all"),
        pytest.param([], (0.0, 0.0), id="no profiles"),
    ],
)
def test_shares_of_a_key(values: list[Any], expected: tuple[float, float]) -> None:
    kind = pa.string() if not any(values) else None
    found = column_shares(lambda names: pa.table({names[0]: pa.array(values, kind)}), SPEC)
    assert set(found) == {"plain_name", "site"}
    assert (found["site"].empty, found["site"].most_frequent) == pytest.approx(expected)


def test_a_spec_that_works_is_not_warned_of() -> None:
    assert list(advice(SPEC, model(), GOOD)) == []


@pytest.mark.parametrize(
    ("shares", "said"),
    [
        pytest.param(ColumnShares(0.95, 0.1), "plain_name is empty for 95.0% of the profiles", id="empty"),
        pytest.param(ColumnShares(0.0, 0.97), "plain_name has one value for 97.0%", id="constant"),
    ],
)
def test_a_key_that_finds_nobody_is_named(shares: ColumnShares, said: str) -> None:
    (told,) = advice(SPEC, model(), GOOD | {"plain_name": shares})
    assert told.startswith(said)
    assert "name" in told.removeprefix(said)


def test_a_comparison_that_learned_nothing_is_named() -> None:
    (told,) = advice(SPEC, model(site=LevelShares(m=(0.5, 0.5), u=(0.52, 0.48))), GOOD)
    assert told.startswith("comparison site learned nothing")


def test_weights_that_the_spec_gives_are_not_learned() -> None:
    comparisons = [each.model_copy(update={"weights": (0.1, 0.0)}) for each in SPEC.matching.comparisons]
    given = SPEC.model_copy(update={"matching": SPEC.matching.model_copy(update={"comparisons": tuple(comparisons)})})
    assert list(advice(given, model(), GOOD)) == []


BLOCKS = {"plain_name": {"blocks": 40, "dropped_blocks": 1, "dropped_profiles": 300, "largest": 300}}


def test_levels_and_rules_that_do_something_are_not_warned_of() -> None:
    assert list(idle(SPEC, {"name": [4000, 20], "site": [3, 1]}, BLOCKS)) == []


def test_a_level_that_never_held_is_named() -> None:
    (told,) = idle(SPEC, {"name": [4000, 20], "site": [4000, 0]}, BLOCKS)
    assert told.startswith("comparison site: equal site held for none of 4,000 pairs")


def test_of_few_pairs_nothing_is_concluded() -> None:
    assert list(idle(SPEC, {"name": [400, 0], "site": [400, 0]}, BLOCKS)) == []


@pytest.mark.parametrize(
    ("did", "said"),
    [
        ({"blocks": 0, "dropped_blocks": 0, "dropped_profiles": 0, "largest": 0}, "no two records have a value"),
        ({"blocks": 1, "dropped_blocks": 1, "dropped_profiles": 900, "largest": 900}, "the largest has 900"),
    ],
)
def test_a_rule_without_pairs_is_named(did: dict[str, int], said: str) -> None:
    (told,) = idle(SPEC, {}, {"plain_name": did})
    assert told.startswith("blocking rule plain_name makes no pair")
    assert said in told
