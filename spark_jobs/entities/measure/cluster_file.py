"""Clusters as a file: what `--clusters` writes."""

from pathlib import Path

import numpy as np
import pyarrow as pa

from spark_jobs.entities.measure.evaluate import Resolution
from spark_jobs.entities.measure.table_files import write_table
from spark_jobs.entities.measure.truth import Clusters, LabelledPairs


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
    write_table(path, table)
