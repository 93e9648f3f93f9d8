"""What learning makes of a spec that gives some weights itself."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from expectations.entity_spec import EntitySpec, load_spec
from spark_jobs.entities.learn.estimation import Counts, Vectors
from spark_jobs.entities.learn.training import learn
from spark_jobs.entities.learn.training_sample import Sample

NAMES = ("name", "birth", "town", "family")
M = [[0.1, 0.9], [0.05, 0.95], [0.2, 0.8]]
U = [[0.99, 0.01], [0.98, 0.02], [0.9, 0.1]]


def spec_of(folder: Path, *names: str) -> EntitySpec:
    comparisons: list[dict[str, Any]] = [{"name": n, "levels": [{"kind": "equal", "of": [n]}]} for n in names]
    for one in comparisons:
        if one["name"] == "family":
            one["weights"] = [-15, 0]
    content = {
        "title": "甲",
        "title_en": "A",
        "id_prefix": "A",
        "attributes": [{"name": n, "type": "string"} for n in NAMES],
        "matching": {"comparisons": comparisons, "blocking": [{"equal": [n]} for n in ("name", "birth", "town")]},
    }
    path = folder / f"{'_'.join(names)}.yml"
    path.write_text(yaml.safe_dump(content), "utf-8")
    return load_spec(path)


def pairs(share: float, of_family: float, seed: int) -> Vectors:
    """Pairs of which a share is matches; `family` holds for some of those that are none."""
    chance = np.random.default_rng(seed)
    is_match = chance.random(200_000) < share
    levels = [
        np.where(is_match, chance.random(len(is_match)) < m[1], chance.random(len(is_match)) < u[1])
        for m, u in zip(M, U, strict=True)
    ]
    levels.append(~is_match & (chance.random(len(is_match)) < of_family))
    found, counts = np.unique(np.stack(levels, axis=1).astype(np.int64), axis=0, return_counts=True)
    return Vectors(found, counts.astype(np.float64))


@pytest.fixture(scope="module")
def sample() -> Sample:
    blocked = pairs(0.3, 0.2, seed=1)
    return Sample({n: blocked for n in range(3)}, blocked, pairs(0.0, 0.0, seed=2), 1e7)


def log_weights(shares: dict[str, Any]) -> dict[str, Counts]:
    return {name: np.log2(np.asarray(one.m) / np.asarray(one.u)) for name, one in shares.items()}


def test_others_are_learned_as_if_the_given_comparison_were_not_there(tmp_path: Path, sample: Sample) -> None:
    with_family = learn(sample, spec_of(tmp_path, *NAMES))
    alone = learn(sample.of([0, 1, 2]), spec_of(tmp_path, *NAMES[:3]))
    assert with_family.shares == alone.shares
    assert set(with_family.shares) == {"name", "birth", "town"}
    assert 0 < with_family.match_share <= alone.match_share


def test_learned_weights_are_those_that_made_the_pairs(tmp_path: Path, sample: Sample) -> None:
    found = log_weights(learn(sample, spec_of(tmp_path, *NAMES)).shares)
    for name, m, u in zip(NAMES[:3], M, U, strict=True):
        assert found[name] == pytest.approx(np.log2(np.asarray(m) / np.asarray(u)), abs=0.5)
