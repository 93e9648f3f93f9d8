"""Deliveries of mentions for the tests of resolution: a small generated city, cut up at will."""

from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from pyspark.sql import functions as F

from expectations.entity_spec import EntitySpec, load_entity
from spark_jobs.city.mentions.generation import generate_mentions
from spark_jobs.entities import state
from spark_jobs.entities.match.model import load_model, shipped_path
from spark_jobs.entities.resolution import increment
from spark_jobs.entities.resolution.outcome import ResolveOutcome
from spark_jobs.entities.resolution.request import Source
from spark_jobs.entities.resolution.resolve import resolve_from
from spark_jobs.lake.engine.workbench import Workbench
from tests.mentions_as_source import source_of

Key = tuple[str, str]


class Mentions:
    """Records of a generated city, by delivery."""

    def __init__(self, bench: Workbench, folder: Path, records: int, seed: int) -> None:
        generate_mentions("person", "register", records, seed, folder)
        table = pq.read_table(folder / "records.parquet")
        # Few deliveries: each feed sends twice.
        half = pa.array(["1" if sequence <= 500 else "2" for sequence in table["delivery_sequence"].to_pylist()])
        pq.write_table(table.append_column("delivery", half), folder / "cut.parquet")
        self.bench = bench
        self.rows = bench.spark.read.parquet(str(folder / "cut.parquet"))
        found = self.rows.select("feed", "delivery").distinct().collect()
        self.deliveries: list[Key] = sorted((row["feed"], row["delivery"]) for row in found)

    def source(self, spec: EntitySpec, delivered: Iterable[Key], contents: dict[Key, str] | None = None) -> Source:
        """A source that holds some of the deliveries."""
        now = {key: (contents or {}).get(key, "as sent") for key in delivered}
        return source_of(self.rows, spec, now)

    def resolve(self, spec: EntitySpec, delivered: Iterable[Key], **options: object) -> ResolveOutcome:
        """Resolve what has been delivered so far."""
        contents = options.pop("contents", None)
        model = load_model(shipped_path("person"))
        source = self.source(spec, delivered, contents)  # type: ignore[arg-type]
        return resolve_from(self.bench, spec, model, source, **options)  # type: ignore[arg-type]


def person_as(name: str) -> EntitySpec:
    """The spec of persons with tables of their own."""
    return load_entity("person").model_copy(update={"entity": name})


def ids_of_records(bench: Workbench, spec: EntitySpec) -> dict[str, str]:
    """Record -> entity id."""
    records, members = state.read(bench, spec, "_record"), state.read(bench, spec, "_member")
    return {row["role"]: row[spec.id_column] for row in records.join(members, "node_id").collect()}


def content(bench: Workbench, spec: EntitySpec) -> dict[str, list[tuple[object, ...]]]:
    """Everything that must not depend on how deliveries were cut up: members, golden records, edges that hold."""
    members = state.read(bench, spec, "_member").select("node_id", "component", F.col(spec.id_column).alias("id"))
    golden = state.read(bench, spec, "").withColumnRenamed(spec.id_column, "id")
    # Which feed stands for a value follows from its number, and numbers are given in the order of first delivery.
    golden = golden.drop(*(f"{a.name}_source" for a in spec.attributes))
    edges = increment.latest_edges(state.read(bench, spec, "_edge"))
    return {
        name: sorted(tuple(map(str, row)) for row in rows.collect())
        for name, rows in (("members", members), ("golden", golden), ("edges", edges))
    }
