"""Ours from deliveries to the entity tables: ids, golden records and events; then two increments of the newest records.

Everything but the two newest shares is resolved first; each increment brings one of them. The first meets queries that
the lake server never ran, the second those of any other night. Prints one JSON object.
"""

import argparse
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from deltalake import DeltaTable
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from expectations.entity_spec import EntitySpec, load_entity
from spark_jobs.entities.match.model import approved_model
from spark_jobs.entities.measure.scores import by_noise, cluster_scores
from spark_jobs.entities.measure.truth import Clusters, read_truth
from spark_jobs.entities.resolution.outcome import ResolveOutcome
from spark_jobs.entities.resolution.request import Source
from spark_jobs.entities.resolution.resolve import resolve_from
from spark_jobs.lake.engine.choice import ENGINES
from spark_jobs.lake.engine.workbench import Workbench
from spark_jobs.lake.storage.paths import table_uri
from tests.bench.resolution.measured import figures_of
from tests.mentions_as_source import source_of

EARLIER, NEWER, NEWEST = "earlier", "newer", "newest"


@dataclass(frozen=True)
class Mentions:
    """Records of one file as three deliveries of each feed.

    Args:
        bench: an engine that joins many records.
        spec: the kind of entity.
        rows: the file's rows with `delivery`.
        feeds: all feeds in it.
    """

    bench: Workbench
    spec: EntitySpec
    rows: DataFrame
    feeds: tuple[str, ...]

    @classmethod
    def read(cls, bench: Workbench, spec: EntitySpec, path: Path, share: float) -> "Mentions":
        """The records of a file; the two newest shares of them are delivered last, one after the other."""
        columns = pq.read_table(path, columns=["delivery_sequence", "feed"])
        first, second = pc.quantile(columns["delivery_sequence"], [1 - 2 * share, 1 - share]).to_pylist()
        sequence = F.col("delivery_sequence")
        when = F.when(sequence > second, NEWEST).when(sequence > first, NEWER).otherwise(EARLIER)
        rows = bench.spark.read.parquet(str(path.resolve())).withColumn("delivery", when)
        return cls(bench, spec, rows, tuple(sorted(pc.unique(columns["feed"]).to_pylist())))

    def source(self, *delivered: str) -> Source:
        """Some of the deliveries."""
        now = {(feed, delivery): "as sent" for feed in self.feeds for delivery in delivered}
        return source_of(self.rows, self.spec, now)


def main() -> None:
    """Resolve, resolve the rest, measure, print."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("entity", choices=["person", "legal_entity"])
    arguments.add_argument("--records", type=Path, required=True)
    arguments.add_argument("--truth", type=Path, required=True)
    arguments.add_argument("--newest", type=float, default=0.01, help="share of the records that comes last")
    arguments.add_argument("--engine", choices=sorted(ENGINES), default="server")
    arguments.add_argument("--increments", choices=sorted(ENGINES), help="what does those; the same by default")
    asked = arguments.parse_args()
    spec = load_entity(asked.entity)
    with ENGINES[asked.engine].joining("bench") as bench:
        first = _resolve(Mentions.read(bench, spec, asked.records, asked.newest), EARLIER)
    with ENGINES[asked.increments or asked.engine].joining("bench") as bench:
        mentions = Mentions.read(bench, spec, asked.records, asked.newest)
        increments, known = {}, first
        for name, delivered in (("first", (EARLIER, NEWER)), ("next", (EARLIER, NEWER, NEWEST))):
            before = _ids(spec)
            then = _resolve(mentions, *delivered)
            increments[name] = _increment(first, known, then, _churn(before, _ids(spec)))
            known = then
    figures = {
        **_accuracy(spec, asked.truth),
        **first.figures,
        "records": first.records,
        "pairs_scored": first.pairs,
        "increments": increments,
    }
    sys.stdout.write(json.dumps(figures) + "\n")


def _increment(first: ResolveOutcome, before: ResolveOutcome, after: ResolveOutcome, churn: float) -> dict[str, Any]:
    return {
        "records": after.records - before.records,
        "cost_of_full": after.figures["cpu_seconds"] / first.figures["cpu_seconds"],
        "time_of_full": after.figures["seconds"] / first.figures["seconds"],
        "churn": churn,
        **after.figures,
    }


def _resolve(mentions: Mentions, *delivered: str) -> ResolveOutcome:
    model = approved_model(mentions.spec)
    return resolve_from(mentions.bench, mentions.spec, model, mentions.source(*delivered), accept=True)


def _table(spec: EntitySpec, suffix: str, columns: list[str]) -> pa.Table:
    return DeltaTable(table_uri("entities", f"{spec.entity}{suffix}")).to_pyarrow_table(columns=columns)


def _ids(spec: EntitySpec) -> pa.Table:
    return _table(spec, "_member", ["node_id", spec.id_column])


def _churn(before: pa.Table, after: pa.Table) -> float:
    """Share of the nodes that had an id and now have another."""
    name = before.column_names[1]
    both = before.join(after, "node_id", right_suffix="_after")
    kept = pc.equal(both[name], both[f"{name}_after"])
    return 1 - float(pc.sum(pc.fill_null(kept, False)).as_py()) / len(before)


def _accuracy(spec: EntitySpec, truth_path: Path) -> dict[str, Any]:
    """The clusters that the tables hold, against the truth."""
    records = _table(spec, "_record", ["role", "node_id"]).join(_ids(spec), "node_id")
    truth = read_truth(truth_path, records["role"].combine_chunks())
    if not isinstance(truth, Clusters):
        raise SystemExit(f"{truth_path} labels pairs; ids are measured against clusters")
    cluster = records[spec.id_column].combine_chunks().dictionary_encode().indices.to_numpy().astype(np.int64)
    scores = cluster_scores(cluster, truth.entity)
    return {
        "clustered_f1": scores.pairs.f1,
        "b3_precision": scores.b3_precision,
        "b3_recall": scores.b3_recall,
        "b3_f1": scores.b3_f1,
        "by_noise": figures_of(by_noise(cluster, truth.entity, truth.marks)),
    }


if __name__ == "__main__":
    main()
