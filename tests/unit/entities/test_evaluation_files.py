"""Evaluation of several files: links between them, ids that they share, and CSV files of any make."""

from itertools import combinations
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from spark_jobs.base.errors import LakeError
from spark_jobs.entities.input.text_tables import strings
from spark_jobs.entities.measure.links_between_files import link_scores, linked_score, pairs_between
from spark_jobs.entities.measure.record_ids import Records
from spark_jobs.entities.measure.scores import Score
from spark_jobs.entities.measure.truth import Clusters, read_truth

# Records 1 to 3 of each of two files.
RECORDS = Records(pa.array(["1", "2", "3", "1", "2", "3"]), np.array([0, 0, 0, 1, 1, 1]), ("left", "right"))


def truth_of(folder: Path, text: str, records: Records = RECORDS) -> Clusters:
    path = folder / "truth.csv"
    path.write_text(text, "utf-8")
    found = read_truth(path, records)
    assert isinstance(found, Clusters)
    return found


def links_of(truth: Clusters) -> set[tuple[int, int]]:
    assert truth.links is not None
    return set(zip(*(side.tolist() for side in truth.links), strict=True))


def test_pairs_between_files_are_those_of_plain_loops() -> None:
    random = np.random.default_rng(5)
    entity, file = random.integers(0, 6, 60), random.integers(0, 3, 60)
    found = {frozenset(pair) for pair in zip(*(side.tolist() for side in pairs_between(entity, file)), strict=True)}
    every = combinations(range(60), 2)
    assert found == {frozenset((a, b)) for a, b in every if entity[a] == entity[b] and file[a] != file[b]}


def test_links_count_pairs_between_files_only() -> None:
    file, group = RECORDS.file, np.array([0, 1, 2, 3, 4, 4])
    links = (np.array([0, 1]), np.array([3, 4]))
    # True; within a file, so nothing; a group with both, of which one is true.
    left, right, weight = np.array([0, 0, 1]), np.array([3, 1, 4]), np.array([9.0, 8.0, 7.0])
    scores = link_scores(left, right, weight, links, 8.5, group, file)
    assert scores.at_threshold == Score(true_positives=1, predicted=1, actual=2)
    assert scores.best == Score(true_positives=2, predicted=3, actual=2)


def test_clusters_are_measured_by_their_links() -> None:
    links = (np.array([0, 1]), np.array([3, 4]))
    assert linked_score(np.array([7, 8, 7, 7, 9, 9]), links, RECORDS.file) == Score(1, 2, 2)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("id_l,id_r\n1,2\n3,3\n", id="by name"),
        pytest.param("ours,theirs\n1,2\n3,3\n", id="two columns of any name"),
        pytest.param("id1,id2\nleft:1,right:2\nleft:3,right:3\n", id="with the file"),
        pytest.param(
            "unique_id_l,source_dataset_l,unique_id_r,source_dataset_r\n1,left,2,right\n3,left,3,right\n",
            id="with columns of the file",
        ),
    ],
)
def test_the_columns_of_pairs_mean_the_files(tmp_path: Path, text: str) -> None:
    assert links_of(truth_of(tmp_path, text)) == {(0, 4), (2, 5)}


def test_columns_the_other_way_round_are_understood(tmp_path: Path) -> None:
    records = Records(pa.array(["a", "b", "x", "y"]), np.array([0, 0, 1, 1]), ("left", "right"))
    assert links_of(truth_of(tmp_path, "id1,id2\ny,a\n", records)) == {(0, 3)}


def test_clusters_say_which_file_they_mean(tmp_path: Path) -> None:
    rows = [f"{number},{name},{number}" for name in ("left", "right") for number in (1, 2, 3)]
    truth = truth_of(tmp_path, "\n".join(["record_id,file,cluster", *rows]))
    assert truth.entity[:3].tolist() == truth.entity[3:].tolist()
    with pytest.raises(LakeError, match="files share record ids"):
        truth_of(tmp_path, "record_id,cluster\n1,a\n2,b\n3,c\n")


@pytest.mark.parametrize(
    ("ids", "message"), [(["1", None], "1 records have no id"), (["1", "1"], "given to more than one record")]
)
def test_records_that_cannot_be_told_apart_are_refused(ids: list[str | None], message: str) -> None:
    with pytest.raises(LakeError, match=message):
        Records.of_one_file(pa.array(ids)).check()


@pytest.mark.parametrize(
    ("content", "names", "rows"),
    [
        (b"a;b\n1; x \n", ["a", "b"], [["1", "x"]]),
        ("\ufeffid, name\n1, Ann\n".encode(), ["id", "name"], [["1", "Ann"]]),
        ("id,name\n1,José\n".encode("cp1252"), ["id", "name"], [["1", "José"]]),
        ("id,name\n1,张伟\n".encode(), ["id", "name"], [["1", "张伟"]]),
        (b',name,name\r\n0,"a, b",c\r\n', ["column_1", "name", "name_3"], [["0", "a, b", "c"]]),
        (b'"id","x"\n1,"two\nlines"\n', ["id", "x"], [["1", "two\nlines"]]),
        (b"id\tname\n", ["id", "name"], []),
    ],
)
def test_any_csv_is_read(tmp_path: Path, content: bytes, names: list[str], rows: list[list[str]]) -> None:
    path = tmp_path / "some.csv"
    path.write_bytes(content)
    table = strings(path)
    assert table.column_names == names
    assert [list(row.values()) for row in table.to_pylist()] == rows


@pytest.mark.parametrize(("content", "message"), [(b"", "is empty"), (b"a,b\n1,2\n1,2,3\n", "cannot be read as CSV")])
def test_a_broken_csv_is_told(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "some.csv"
    path.write_bytes(content)
    with pytest.raises(LakeError, match=message):
        strings(path)
