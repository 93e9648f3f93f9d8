"""The evaluator against cases that were counted by hand, and against plain loops."""

from itertools import combinations
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from spark_jobs.base.errors import LakeError
from spark_jobs.entities.measure.labelled_pairs import labelled_cluster_scores, labelled_pair_scores
from spark_jobs.entities.measure.scores import Score, by_noise, cluster_scores, pair_scores
from spark_jobs.entities.measure.truth import Clusters, LabelledPairs, read_truth

# Five records: a a a b b.
TRUTH = np.array(["a", "a", "a", "b", "b"])
LEFT = np.array([0, 1, 2, 4, 0])
RIGHT = np.array([1, 2, 3, 3, 4])
WEIGHT = np.array([9.0, 5.0, 7.0, 3.0, -1.0])
# By falling weight: a true pair, a false one, a true one, a true one, a false one; four pairs are true.


def test_best_f1_is_taken_over_all_thresholds() -> None:
    scores = pair_scores(LEFT, RIGHT, WEIGHT, TRUTH, threshold=6.0)
    assert scores.best == Score(true_positives=3, predicted=4, actual=4)
    assert scores.best.f1 == pytest.approx(6 / 8)
    assert scores.best_threshold == 2.0  # below 3.0, the last that counts, by no more than a bit
    assert scores.at_threshold == Score(true_positives=1, predicted=2, actual=4)
    assert scores.at_threshold.precision == 0.5
    assert scores.at_threshold.recall == 0.25
    assert scores.pairs_scored == 5


def test_the_best_threshold_is_the_lowest_weight_where_none_is_lower() -> None:
    assert pair_scores(LEFT[:3], RIGHT[:3], WEIGHT[:3], np.zeros(5), threshold=6.0).best_threshold == 5.0


def test_pairs_of_equal_weight_count_together() -> None:
    scores = pair_scores(np.array([0, 0]), np.array([1, 2]), np.array([1.0, 1.0]), np.array([1, 1, 2]), threshold=1.0)
    assert scores.best == scores.at_threshold == Score(1, 2, 1)


def test_a_pair_that_comes_twice_counts_once_with_its_greater_weight() -> None:
    scores = pair_scores(np.array([0, 1]), np.array([1, 0]), np.array([1.0, 4.0]), np.array([1, 1]), threshold=2.0)
    assert scores.at_threshold == Score(1, 1, 1)
    assert scores.pairs_scored == 1


def test_no_pairs_at_all() -> None:
    none = np.zeros(0, np.int64)
    scores = pair_scores(none, none, np.zeros(0), TRUTH, threshold=0.0)
    assert scores.best == scores.at_threshold == Score(0, 0, 4)
    assert scores.best.precision == 1.0
    assert scores.best.f1 == 0.0


def test_columns_of_unlike_length_are_refused() -> None:
    with pytest.raises(ValueError, match="no list of pairs"):
        pair_scores(np.array([0]), np.array([1, 2]), np.array([1.0]), TRUTH, threshold=0.0)


@pytest.mark.parametrize("seed", range(5))
def test_groups_are_measured_in_pairs_of_records(seed: int) -> None:
    rng = np.random.default_rng(seed)
    truth, group = rng.integers(0, 6, 40), np.concatenate([np.arange(12), rng.integers(0, 12, 28)])
    left, right = np.array(list(combinations(range(12), 2)))[rng.permutation(66)[:30]].T
    weight = rng.integers(0, 5, 30).astype(float)
    scores = pair_scores(left, right, weight, truth, threshold=3.0, group=group)

    predicted = {frozenset(p) for p, w in zip(zip(left, right, strict=True), weight, strict=True) if w >= 3}
    pairs = list(combinations(range(40), 2))
    together = [group[i] == group[j] or frozenset((group[i], group[j])) in predicted for i, j in pairs]
    same = [truth[i] == truth[j] for i, j in pairs]
    hits = sum(t and s for t, s in zip(together, same, strict=True))
    assert scores.at_threshold == Score(hits, sum(together), sum(same))


def test_clusters_by_hand() -> None:
    scores = cluster_scores(np.array([1, 1, 2, 2, 3]), TRUTH)
    assert scores.pairs == Score(true_positives=1, predicted=2, actual=4)
    assert scores.b3_precision == pytest.approx((1 + 1 + 1 / 2 + 1 / 2 + 1) / 5)
    assert scores.b3_recall == pytest.approx((2 / 3 + 2 / 3 + 1 / 3 + 1 / 2 + 1 / 2) / 5)
    assert scores.b3_f1 == pytest.approx(2 * 0.8 * (8 / 15) / (0.8 + 8 / 15))


def test_right_clusters_are_perfect_whatever_their_names() -> None:
    scores = cluster_scores(np.array([7, 7, 7, 0, 0]), TRUTH)
    assert (scores.pairs.f1, scores.b3_f1) == (1.0, 1.0)


@pytest.mark.parametrize("seed", range(5))
def test_clusters_equal_plain_loops(seed: int) -> None:
    rng = np.random.default_rng(seed)
    truth, predicted = rng.integers(0, 8, 60), rng.integers(0, 8, 60)
    scores = cluster_scores(predicted, truth)
    precision = [np.mean(truth[predicted == predicted[i]] == truth[i]) for i in range(60)]
    recall = [np.mean(predicted[truth == truth[i]] == predicted[i]) for i in range(60)]
    assert scores.b3_precision == pytest.approx(np.mean(precision))
    assert scores.b3_recall == pytest.approx(np.mean(recall))
    pairs = list(combinations(range(60), 2))
    assert scores.pairs.true_positives == sum(truth[i] == truth[j] and predicted[i] == predicted[j] for i, j in pairs)


def test_marks_touch_pairs_with_one_marked_record() -> None:
    predicted = np.array([1, 1, 2, 2, 2])
    (row,) = by_noise(predicted, TRUTH, {"name_homophone": np.array([False, False, True, False, True])})
    assert (row.kind, row.records) == ("name_homophone", 2)
    # Record 2 belongs to 0 and 1, and 4 to 3; together are 2-3, 2-4 and 3-4.
    assert row.touched == Score(true_positives=1, predicted=3, actual=3)
    assert row.within == Score(true_positives=0, predicted=1, actual=0)


def test_labelled_pairs_only_count() -> None:
    labelled = LabelledPairs(np.array([0, 2, 3, 0]), np.array([1, 3, 4, 2]), np.array([True, False, True, True]))
    scores = labelled_pair_scores(LEFT, RIGHT, WEIGHT, labelled, threshold=6.0)
    assert scores.at_threshold == Score(true_positives=1, predicted=2, actual=3)
    assert scores.best == Score(true_positives=2, predicted=3, actual=3)
    assert labelled_cluster_scores(np.array([1, 1, 1, 1, 2]), labelled) == Score(2, 3, 3)


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


IDS = pa.array(["1", "2", "3"])


def test_truth_of_clusters_is_put_in_the_records_order(tmp_path: Path) -> None:
    path = write(tmp_path, "truth.csv", "cluster, Unique_ID\nx,3\ny,1\nx,2\n")
    truth = read_truth(path, IDS)
    assert isinstance(truth, Clusters)
    assert truth.entity.tolist() == [0, 1, 1]


def test_noise_becomes_masks(tmp_path: Path) -> None:
    noise = pa.array([["a", "b"], [], ["b"]], pa.list_(pa.string()))
    table = pa.table({"record_id": ["1", "3", "2"], "entity": [5, 5, 6], "noise": noise})
    pq.write_table(table, tmp_path / "truth.parquet")
    truth = read_truth(tmp_path / "truth.parquet", IDS)
    assert isinstance(truth, Clusters)
    assert {kind: mask.tolist() for kind, mask in truth.marks.items()} == {
        "a": [True, False, False],
        "b": [True, True, False],
    }


def test_matches_without_any_other_label_are_all_there_are(tmp_path: Path) -> None:
    truth = read_truth(write(tmp_path, "pairs.csv", "id1,id2\n3,2\n"), IDS)
    assert isinstance(truth, Clusters)
    assert truth.entity.tolist() == [0, 1, 1]


def test_labels_of_both_kinds_say_no_more_than_they_say(tmp_path: Path) -> None:
    lines = "unique_id_l,source_dataset_l,unique_id_r,clerical_match_score\n1,f,2,1.0\n1,f,3,0.0\n"
    truth = read_truth(write(tmp_path, "labels.csv", lines), IDS)
    assert isinstance(truth, LabelledPairs)
    assert (truth.one.tolist(), truth.other.tolist(), truth.is_same.tolist()) == ([0, 0], [1, 2], [True, False])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("record_id,cluster\n", "truth.csv has no rows"),
        ("id1,id2\n1,9\n2,8\n", "give the other one too, by a second --records"),
        ("ours,theirs\n1,9\n2,8\n", "give the other one too, by a second --records"),
        ("record_id,colour,size\n1,red,9\n", "name neither clusters nor pairs"),
        ("record_id,colour\n1,red\n", "does not say who 2 of 3 records are"),
        ("record_id,cluster\n1,a\n2,a\n", "does not say who 1 of 3 records are"),
        ("record_id,cluster\n1,a\n2,a\n3,a\n3,b\n", "names a record twice"),
        ("id1,id2\n1,9\n", "names 1 records in column id2 that are not there"),
        ("id1,id2,label\n1,2,maybe\n", "label that is no number"),
    ],
)
def test_a_truth_that_does_not_fit_is_refused(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(LakeError) as caught:
        read_truth(write(tmp_path, "truth.csv", text), IDS)
    assert message in str(caught.value)


@pytest.mark.parametrize("names", ["ltable_id,rtable_id,gold", "L_ID,R_ID,Label", "id_l,id_r,match"])
def test_columns_of_pairs_have_many_names(tmp_path: Path, names: str) -> None:
    truth = read_truth(write(tmp_path, "pairs.csv", f"{names}\n1,2,1\n1,3,0\n"), IDS)
    assert isinstance(truth, LabelledPairs)
    assert (truth.one.tolist(), truth.other.tolist(), truth.is_same.tolist()) == ([0, 0], [1, 2], [True, False])


def test_one_unknown_record_of_many_is_no_missing_file(tmp_path: Path) -> None:
    with pytest.raises(LakeError) as caught:
        read_truth(write(tmp_path, "pairs.csv", "id1,id2\n1,2\n2,3\n1,9\n"), IDS)
    assert "--records" not in str(caught.value)


def test_a_missing_truth_is_named(tmp_path: Path) -> None:
    with pytest.raises(LakeError, match="there is no file"):
        read_truth(tmp_path / "none.csv", IDS)
