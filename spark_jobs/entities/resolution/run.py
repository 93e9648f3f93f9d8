"""What one resolution works on: what every step needs, what is known, what arrived, what must be written."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession

from expectations.entity_spec import EntitySpec
from spark_jobs.entities.match.model import Model
from spark_jobs.entities.resolution.decisions import Decision
from spark_jobs.lake.engine.watch import Watch
from spark_jobs.lake.engine.workbench import Workbench
from spark_jobs.lake.server.meter import Meter
from spark_jobs.lake.storage.scratch import Scratch


@dataclass(frozen=True)
class Run:
    """What every step of one resolution needs.

    Args:
        bench: a session with a folder beside it.
        spec: the kind of entity.
        model: weights.
        meter: what it costs.
        revision: number of the resolution.
        at: when it began, UTC.
        feeds: feeds by their number in recencies.
    """

    bench: Workbench
    spec: EntitySpec
    model: Model
    meter: Meter
    revision: int
    at: datetime
    feeds: tuple[str, ...]

    @property
    def spark(self) -> SparkSession:
        """The session."""
        return self.bench.spark

    @property
    def into(self) -> Scratch:
        """The folder."""
        return self.bench.staging

    def keep(self, rows: DataFrame, name: str) -> DataFrame:
        """Compute rows once, under the name of their stage."""
        with self.meter.stage(name):
            kept = self.into.keep(rows, name)
            self.meter.note(rows)
        return kept


@dataclass(frozen=True)
class Known:
    """What earlier resolutions left, as rows of the entity's tables.

    Args:
        profile: profile rows, several a profile perhaps.
        profile_batches: columns of the same rows, as they are stored.
        edge: the edge log.
        member: node -> component, id.
    """

    profile: DataFrame
    profile_batches: Callable[[Sequence[str]], Iterator[pa.RecordBatch]]
    edge: DataFrame
    member: DataFrame


@dataclass(frozen=True)
class Arrived:
    """What changed since.

    Args:
        records: new mentions with `profile_id`; None where there are none.
        rebuilt: profile rows (attributes and totals) that replace all rows of their profiles, after records were
            withdrawn; None where none were.
        withdrawn: `profile_id` of all profiles that lost records.
        decisions: the stewards' decisions in force.
        touched_by_decisions: profiles of decisions that were made or undone since.
    """

    records: DataFrame | None
    rebuilt: DataFrame | None = None
    withdrawn: DataFrame | None = None
    decisions: tuple[Decision, ...] = ()
    touched_by_decisions: tuple[int, ...] = ()


@dataclass(frozen=True)
class Result:
    """What must be written.

    Args:
        profile: profile rows to append.
        edge: edge rows to append.
        member: rows of all touched nodes that exist.
        touched: `node_id` of all touched nodes, those that are no more among them.
        entities: golden rows of touched entities, with `cluster`, `node_ids`, `profile_ids`.
        watch: blocks by rule.
    """

    profile: DataFrame
    edge: DataFrame
    member: DataFrame
    touched: DataFrame | None
    entities: DataFrame
    watch: Watch
