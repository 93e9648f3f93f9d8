"""What a peer's run is worth, by the project's own evaluator, and what it cost; for use in the peers' environment."""

import json
import resource
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from pyarrow import csv

from spark_jobs.entities.measure.scores import Labels, NoiseScores, Positions, by_noise, cluster_scores, pair_scores
from spark_jobs.entities.measure.truth import Clusters, read_truth

_MILLION = 1_000_000
_BYTES_OF_KIB = 1024


@dataclass(frozen=True)
class Found:
    """What a peer found."""

    left: Positions
    """Of each scored pair; positions of groups of records that are alike."""
    right: Positions
    weight: Any
    group: Labels
    """Of each record."""
    cluster: Labels
    """Of each record."""
    threshold: float
    pairs_compared: int


class Meter:
    """Wall time and processor time since it was made."""

    def __init__(self) -> None:
        self._start, self._cpu = time.monotonic(), _cpu_seconds()

    def read(self) -> dict[str, float]:
        """Seconds, CPU-seconds, and the greatest resident memory of this process until now, in bytes."""
        return {
            "seconds": round(time.monotonic() - self._start, 2),
            "cpu_seconds": round(_cpu_seconds() - self._cpu, 2),
            "peak_memory_bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _BYTES_OF_KIB,
        }


def _cpu_seconds() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(u.ru_utime + u.ru_stime for u in used)


def read_records(path: Path) -> pa.Table:
    """All columns of a CSV file, as texts without blanks around them and null where empty, or of a Parquet file."""
    if path.suffix == ".parquet" or path.is_dir():
        return pq.read_table(path)
    names = csv.open_csv(path).schema.names
    options = csv.ConvertOptions(column_types={n: pa.string() for n in names}, strings_can_be_null=True)
    table = csv.read_csv(path, convert_options=options)
    columns = [pc.utf8_trim_whitespace(column) for column in table.columns]
    columns = [pc.if_else(pc.equal(column, ""), None, column) for column in columns]
    return pa.table(columns, names=[name.strip() for name in table.column_names])


def report(found: Found, truth_path: Path, record_ids: Any, spent: dict[str, float]) -> None:
    """Print the measures as one JSON object.

    Raises:
        SystemExit: the truth says something of single pairs only.
    """
    truth = read_truth(truth_path, record_ids)
    if not isinstance(truth, Clusters):
        raise SystemExit(f"{truth_path} labels pairs; peers are measured against clusters")
    pairs = pair_scores(found.left, found.right, found.weight, truth.entity, found.threshold, found.group)
    clusters = cluster_scores(found.cluster, truth.entity)
    figures = {
        "pair_f1_best": pairs.best.f1,
        "pair_threshold_best": pairs.best_threshold,
        "pair_precision": pairs.at_threshold.precision,
        "pair_recall": pairs.at_threshold.recall,
        "pair_f1": pairs.at_threshold.f1,
        "clustered_f1": clusters.pairs.f1,
        "clustered_precision": clusters.pairs.precision,
        "clustered_recall": clusters.pairs.recall,
        "b3_precision": clusters.b3_precision,
        "b3_recall": clusters.b3_recall,
        "b3_f1": clusters.b3_f1,
        "pairs_scored": found.pairs_compared,
        "records": len(truth.entity),
        "profiles": int(np.max(found.group, initial=-1)) + 1,
        "threshold": found.threshold,
        **spent,
        "cpu_seconds_per_million_pairs": spent["cpu_seconds"] / max(found.pairs_compared, 1) * _MILLION,
    }
    noise = figures_of(by_noise(found.cluster, truth.entity, truth.marks))
    sys.stdout.write(json.dumps({**figures, "by_noise": noise}) + "\n")


def figures_of(noise: list[NoiseScores]) -> dict[str, dict[str, float | int]]:
    """Scores by kind of noise, as `lake evaluate --json` has them."""
    return {
        n.kind: {"records": n.records, "recall": n.touched.recall, "precision_within": n.within.precision}
        for n in noise
    }
