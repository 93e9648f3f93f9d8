"""Clusters as a file: what `--clusters` writes."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import csv

from spark_jobs.base.errors import LakeError
from spark_jobs.entities.measure.evaluate import Resolution
from spark_jobs.entities.measure.truth import Clusters, LabelledPairs

SUFFIXES = (".csv", ".parquet")


def check_cluster_path(path: Path) -> None:
    """See before anything is computed that the file can be written.

    Raises:
        LakeError: there is no such folder, or its suffix names no format.
    """
    if not path.parent.is_dir():
        raise LakeError(f"there is no folder {path.parent}", "check the path after --clusters")
    if path.suffix not in SUFFIXES:
        raise LakeError(f"{path}: clusters are written as {' or '.join(SUFFIXES)}", "give the file one of these")


def write_clusters(path: Path, found: Resolution, files: list[Path], truth: Clusters | LabelledPairs | None) -> None:
    """Write each record's cluster: record_id, file, cluster and, where the truth has clusters, true_cluster.

    Rows are by cluster, so that a cluster is read at one place; numbers of clusters mean nothing beyond the file.
    """
    names = pa.array([file.stem for file in files])
    columns = {
        "record_id": found.record_id.cast(pa.string()),
        "file": names.take(pa.array(found.file)),
        "cluster": pa.array(np.unique(found.cluster, return_inverse=True)[1].reshape(-1)),
    }
    if isinstance(truth, Clusters):
        columns["true_cluster"] = pa.array(truth.entity)
    table = pa.table(columns).sort_by([("cluster", "ascending"), ("file", "ascending"), ("record_id", "ascending")])
    if path.suffix == ".parquet":
        pq.write_table(table, path)
    else:
        csv.write_csv(table, path)
