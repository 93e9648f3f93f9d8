"""Where true pairs were lost, and which clusters are wrong, against plain loops; clusters as a file."""

from itertools import combinations
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyarrow import csv

from expectations.entity_spec import load_spec
from spark_jobs.base.errors import LakeError
from spark_jobs.base.settings import PROJECT
from spark_jobs.entities.match.clusters import Links
from spark_jobs.entities.match.levels import level_weights
from spark_jobs.entities.match.model import LevelShares, Model
from spark_jobs.entities.measure.cluster_file import write_clusters
from spark_jobs.entities.measure.estimates import Estimates
from spark_jobs.entities.measure.evaluate import Resolution
from spark_jobs.entities.measure.losses import Losses, WrongClusters, losses, wrong_clusters
from spark_jobs.entities.measure.places import BEATEN
from spark_jobs.entities.measure.table_files import check_file
from spark_jobs.entities.measure.truth import Clusters, LabelledPairs
from spark_jobs.entities.measure.wrong_pairs import Found

MODEL = Model(entity="firm", prior=-9.0, comparisons={})
NOTHING = Estimates(same=0.0, precision=1.0, recall=1.0, blocking_recall=None)


def by_loops(found: Found, same: set[tuple[int, int]]) -> Losses:
    """Every pair looked at by itself."""
    of = {
        frozenset(pair): weight
        for *pair, weight in zip(
            found.pairs.a.tolist(), found.pairs.b.tolist(), found.pairs.weight.tolist(), strict=True
        )
    }
    kinds = ("not_compared", "below_threshold", "place_taken", "parted", "joined_by_others")
    counts = {"same": len(same), **dict.fromkeys(kinds, 0)}
    for a, b in same:
        nodes = frozenset((int(found.node[a]), int(found.node[b])))
        weight = float("inf") if len(nodes) == 1 else of.get(nodes)
        together = found.cluster[a] == found.cluster[b]
        if weight is None or weight < found.threshold:
            is_beaten = weight is not None and weight < -BEATEN / 2 and weight + BEATEN >= found.threshold
            kind = "not_compared" if weight is None else "place_taken" if is_beaten else "below_threshold"
            counts[kind] += 1
            counts["joined_by_others"] += together
        elif not together:
            counts["parted"] += 1
    return Losses(**counts)


@pytest.mark.parametrize("seed", range(5))
def test_pairs_are_lost_where_plain_loops_lose_them(seed: int) -> None:
    random = np.random.default_rng(seed)
    node = np.concatenate([np.arange(20), random.integers(0, 20, 15)])
    entity, cluster, file = random.integers(0, 6, 35), random.integers(0, 5, 20)[node], random.integers(0, 2, 35)
    pairs = np.array([pair for pair in combinations(range(20), 2) if random.random() < 0.4])
    weight = random.integers(-9, 9, len(pairs)) - BEATEN * (random.random(len(pairs)) < 0.2)
    links = Links(pairs[:, 0], pairs[:, 1], weight)
    same = {(a, b) for a, b in combinations(range(35), 2) if entity[a] == entity[b]}
    between = {(a, b) for a, b in same if file[a] != file[b]}
    one, other = (np.array([pair[side] for pair in sorted(between)]) for side in (0, 1))
    labelled = LabelledPairs(np.append(one, 0), np.append(other, 34), np.append(np.ones(len(one), bool), False))

    within = Found(node, cluster, file, links, 1.0, False)
    linking = Found(node, cluster, file, links, 1.0, True)
    assert losses(within, Clusters(entity)) == by_loops(within, same)
    assert losses(linking, Clusters(entity)) == by_loops(linking, between)
    assert losses(linking, Clusters(entity, links=(one, other))) == by_loops(linking, between)
    assert losses(within, labelled) == by_loops(within, between)


def test_blocking_recall_is_the_share_that_was_compared() -> None:
    assert Losses(10, 2, 3, 1, 1, 1).blocking_recall == 0.8
    assert Losses(0, 0, 0, 0, 0, 0).blocking_recall == 1


def test_a_cluster_of_two_entities_is_merged_and_an_entity_in_two_is_split() -> None:
    cluster, entity = np.array([1, 1, 2, 3, 3]), np.array(["x", "y", "y", "z", "z"])
    assert wrong_clusters(cluster, entity) == WrongClusters(merged=1, split=1)
    assert wrong_clusters(cluster, cluster) == WrongClusters(0, 0)


def resolution() -> Resolution:
    nothing = Links(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0))
    ids, file = pa.array(["7", "8", "7"]), np.array([0, 0, 1])
    return Resolution(ids, file, np.arange(3), nothing, np.array([900, 20, 900]), MODEL, -9.0, 3, {}, {}, {}, NOTHING)


@pytest.mark.parametrize("name", ["clusters.csv", "clusters.parquet"])
def test_clusters_are_a_file_a_record_a_row(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    check_file(path, "--clusters")
    truth = Clusters(np.array(["a", "b", "a"]))
    write_clusters(path, resolution(), [Path("x/old.csv"), Path("new.csv")], truth)
    table = csv.read_csv(path) if path.suffix == ".csv" else pq.read_table(path)
    rows = [tuple(map(str, row.values())) for row in table.to_pylist()]
    assert table.column_names == ["record_id", "file", "cluster", "true_cluster"]
    assert rows == [("8", "old", "0", "b"), ("7", "new", "1", "a"), ("7", "old", "1", "a")]


def test_where_the_truth_has_no_clusters_none_are_written(tmp_path: Path) -> None:
    none = LabelledPairs(np.array([0]), np.array([2]), np.array([True]))
    write_clusters(tmp_path / "clusters.csv", resolution(), [Path("old.csv"), Path("new.csv")], none)
    assert csv.read_csv(tmp_path / "clusters.csv").column_names == ["record_id", "file", "cluster"]


@pytest.mark.parametrize(("name", "said"), [("no/clusters.csv", "no folder"), ("clusters.xlsx", r"\.csv or \.parquet")])
def test_a_path_that_cannot_be_written_is_refused_before_anything_is_computed(
    name: str, said: str, tmp_path: Path
) -> None:
    with pytest.raises(LakeError, match=said):
        check_file(tmp_path / name, "--clusters")


def test_weights_are_told_in_the_order_of_the_spec() -> None:
    spec = load_spec(PROJECT / "tests" / "entities_specs" / "companies.yml")
    sizes = {each.name: len(each.levels) + 1 for each in spec.matching.comparisons if each.weights is None}
    shares = {name: LevelShares(m=(1 / size,) * size, u=(1 / size / 2,) * size) for name, size in sizes.items()}
    told = list(level_weights(Model(entity=spec.entity, prior=-9, comparisons=shares), spec))
    names = [each.name for each in spec.matching.comparisons]
    assert list(dict.fromkeys(each.comparison for each in told)) == names
    assert [each.level for each in told].count("else") == len(names)
    assert len({(each.comparison, each.level) for each in told}) == len(told), "each level is told"
    assert {each.weight for each in told if each.m is not None} == {1.0}
