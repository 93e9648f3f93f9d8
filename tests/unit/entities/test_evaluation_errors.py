"""The wrong pairs that `--errors` writes, against plain loops."""

import csv
from itertools import combinations
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from expectations.entity_spec import load_spec
from spark_jobs.base.settings import PROJECT
from spark_jobs.entities.match.clusters import Links
from spark_jobs.entities.measure.scores import Labels
from spark_jobs.entities.measure.truth import Clusters, LabelledPairs
from spark_jobs.entities.measure.wrong_pairs import Found, Pairs, write_errors, wrong_pairs

NO_FILES = np.zeros(5, np.int64)
# Records 0 and 1 are one node; nodes 0, 1, 2, 3.
NODE = np.array([0, 0, 1, 2, 3])
# 0 and 1 are linked, and with them 3 through others; 2 and 3 are linked, and were parted.
CLUSTER = np.array([0, 0, 0, 0, 1])
PAIRS = Links(np.array([0, 0, 2]), np.array([1, 2, 3]), np.array([5.0, -2.0, 3.0]))


def found(between_files: bool = False, file: Labels = NO_FILES) -> Found:
    return Found(NODE, CLUSTER, file, PAIRS, 0.0, between_files)


def listed(pairs: Pairs) -> list[tuple[int, int, float]]:
    return list(zip(pairs.a.tolist(), pairs.b.tolist(), pairs.weight.tolist(), strict=True))


def test_wrong_pairs_are_told_by_kind() -> None:
    wrong = wrong_pairs(found(), Clusters(np.array(["x", "x", "y", "x", "y"])))
    assert listed(wrong["false_positive"]) == [(0, 2, 5.0), (3, 4, 3.0)]
    assert listed(wrong["false_negative"]) == [(0, 3, -2.0)]
    assert [pair[:2] for pair in listed(wrong["not_compared"])] == [(2, 4)]


def test_what_clustering_parted_or_joined_is_told_too() -> None:
    wrong = wrong_pairs(found(), Clusters(np.array(["x", "x", "x", "y", "y"])))
    assert listed(wrong["parted"]) == [(3, 4, 3.0)]
    assert [pair[:2] for pair in listed(wrong["joined"])] == [(0, 3), (2, 3)]


def test_two_entities_of_one_node_are_wrong_at_any_threshold() -> None:
    wrong = wrong_pairs(found(), Clusters(np.array(["x", "y", "x", "x", "x"])))
    assert (0, 1, float("inf")) in listed(wrong["false_positive"])


def test_labelled_pairs_count_alone() -> None:
    labelled = LabelledPairs(np.array([2, 3, 0]), np.array([0, 0, 4]), np.array([False, True, True]))
    wrong = wrong_pairs(found(), labelled)
    assert {kind: [pair[:2] for pair in listed(pairs)] for kind, pairs in wrong.items()} == {
        "false_positive": [(0, 2)],
        "false_negative": [(0, 3)],
        "not_compared": [(0, 4)],
        "parted": [],
        "joined": [],
    }


def test_links_between_files_leave_pairs_within_a_file_out() -> None:
    file = np.array([1, 1, 0, 1, 1])
    truth = Clusters(np.array([0, 1, 1, 3, 4]), links=(np.array([2]), np.array([1])))
    wrong = wrong_pairs(found(True, file), truth)
    assert listed(wrong["false_positive"]) == [(2, 0, 5.0)]
    assert not len(wrong["false_negative"].a) + len(wrong["not_compared"].a)


@pytest.mark.parametrize("seed", range(5))
def test_kinds_are_those_of_plain_loops(seed: int) -> None:
    random = np.random.default_rng(seed)
    node = np.concatenate([np.arange(20), random.integers(0, 20, 15)])
    entity = random.integers(0, 8, 35)
    pairs = [(a, b) for a, b in combinations(range(20), 2) if random.random() < 0.4]
    weight = {pair: float(random.integers(-9, 9)) for pair in pairs}
    left, right = (np.array([pair[side] for pair in pairs]) for side in (0, 1))
    links = Links(left, right, np.array(list(weight.values())))
    cluster = random.integers(0, 9, 20)[node]
    wrong = wrong_pairs(Found(node, cluster, np.zeros(35, np.int64), links, 0.0, False), Clusters(entity))
    expected: dict[str, set[frozenset[tuple[int, int]]]] = {kind: set() for kind in wrong}
    for a, b in combinations(range(35), 2):
        said = frozenset([(int(node[a]), int(entity[a])), (int(node[b]), int(entity[b]))])
        is_same, of_nodes = entity[a] == entity[b], weight.get((min(node[a], node[b]), max(node[a], node[b])))
        if node[a] == node[b]:
            of_nodes = float("inf")
        if not is_same and of_nodes is not None and of_nodes >= 0:
            expected["false_positive"].add(said)
        if is_same and (of_nodes is None or of_nodes < 0):
            expected["not_compared" if of_nodes is None else "false_negative"].add(said)
        is_linked = of_nodes is not None and of_nodes >= 0
        if is_same and is_linked and cluster[a] != cluster[b]:
            expected["parted"].add(said)
        if not is_same and not is_linked and cluster[a] == cluster[b]:
            expected["joined"].add(said)
    for kind, told in wrong.items():
        shown = [
            frozenset((int(node[at]), int(entity[at])) for at in pair)
            for pair in zip(told.a.tolist(), told.b.tolist(), strict=True)
        ]
        assert set(shown) == expected[kind]
        assert len(shown) == len(set(shown))


def test_attributes_stand_side_by_side(tmp_path: Path) -> None:
    one, other = tmp_path / "one.csv", tmp_path / "other.csv"
    one.write_text("id,company_name,city\n7,Meadow Dairy,Selby\n8,Harbour,Hull\n", "utf-8")
    other.write_text("ID;NAME\n7;Meadow, Dairies\n", "utf-8")
    spec = load_spec(PROJECT / "tests" / "entities_specs" / "companies.yml")
    wrong = {
        "false_positive": Pairs(np.array([0]), np.array([2]), np.array([1.23456])),
        "not_compared": Pairs(np.array([1]), np.array([2]), np.array([np.nan])),
    }
    # Records in the order of a scan, not of the file.
    records = pa.array(["8", "7", "7"]), np.array([0, 0, 1])
    write_errors(tmp_path / "errors.csv", wrong, records, spec, [one, other])
    with (tmp_path / "errors.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0])[:8] == ["kind", "weight", "file_a", "file_b", "record_id_a", "record_id_b", "name_a", "name_b"]
    assert [list(row.values())[:8] for row in rows] == [
        ["false_positive", "1.2346", "one", "other", "8", "7", "Harbour", "Meadow, Dairies"],
        ["not_compared", "", "one", "other", "7", "7", "Meadow Dairy", "Meadow, Dairies"],
    ]
    assert (rows[0]["city_a"], rows[0]["city_b"]) == ("Hull", "")
