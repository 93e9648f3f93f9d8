"""A truth that names rows by their numbers instead of records by their ids."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from spark_jobs.base.errors import LakeError
from spark_jobs.entities.measure.record_ids import Records
from spark_jobs.entities.measure.truth import Clusters, LabelledPairs, read_truth

# What was read comes in any order; the file has c first.
IDS = pa.array(["a", "b", "c"])
ONE = Records(IDS, np.zeros(3, np.int64), ("shops",), lambda: [pa.array(["c", "a", "b"])])
TWO = Records(
    pa.array(["a", "b", "a", "b"]),
    np.array([0, 0, 1, 1]),
    ("left", "right"),
    lambda: [pa.array(["b", "a"]), pa.array(["a", "b"])],
)


def truth_of(folder: Path, text: str, records: Records) -> Clusters | LabelledPairs:
    path = folder / "truth.csv"
    path.write_text(text, "utf-8")
    return read_truth(path, records)


@pytest.mark.parametrize(("rows", "first"), [("0,2\n", 0), ("1,3\n", 1)])
def test_pairs_of_rows_count_from_0_or_1(tmp_path: Path, rows: str, first: int) -> None:
    truth = truth_of(tmp_path, f"id1,id2\n{rows}", ONE)
    assert isinstance(truth, Clusters)
    # First and last row: c and b.
    assert truth.entity.tolist() == [0, 1, 1]
    assert truth.read_as.endswith(f"by the numbers of their rows, counted from {first}")


def test_clusters_of_rows(tmp_path: Path) -> None:
    truth = truth_of(tmp_path, "row,firm\n0,x\n1,y\n2,x\n", ONE)
    assert isinstance(truth, Clusters)
    assert truth.entity[1] == truth.entity[2] != truth.entity[0]


def test_each_column_means_a_file_of_two(tmp_path: Path) -> None:
    truth = truth_of(tmp_path, "l_id,r_id,label\n0,0,1\n1,1,0\n", TWO)
    assert isinstance(truth, LabelledPairs)
    # Left row 0 is b, right row 0 is a.
    assert (truth.one.tolist(), truth.other.tolist()) == ([1, 0], [2, 3])


def test_ids_are_ids_though_they_are_numbers(tmp_path: Path) -> None:
    numbered = Records(
        pa.array(["1", "2", "3"]), np.zeros(3, np.int64), ("shops",), lambda: [pa.array(["3", "2", "1"])]
    )
    truth = truth_of(tmp_path, "id1,id2\n1,2\n", numbered)
    assert truth.read_as == "pairs, all there are: record ids id1 and id2"


def test_who_does_not_show_the_first_row_is_asked(tmp_path: Path) -> None:
    with pytest.raises(LakeError, match="from 0 or from 1"):
        truth_of(tmp_path, "id1,id2\n1,2\n", ONE)


def test_numbers_beyond_the_last_row_are_unknown_ids(tmp_path: Path) -> None:
    with pytest.raises(LakeError, match="that are not there"):
        truth_of(tmp_path, "id1,id2\n0,9\n", ONE)
