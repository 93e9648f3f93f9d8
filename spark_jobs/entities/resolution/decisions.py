"""Stewards' decisions: must-link and cannot-link as rows that survive every rerun and can be undone.

A decision names two profiles, the oldest of the entities it was made about, so it holds whatever becomes of the ids.
"""

import math
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from pyspark.sql import functions as F

from expectations.entity_spec import EntitySpec
from spark_jobs.base.errors import LakeError
from spark_jobs.entities import state
from spark_jobs.lake.engine.workbench import Workbench
from spark_jobs.lake.storage import table_log

Kind = Literal["must-link", "cannot-link"]


@dataclass(frozen=True)
class Decision:
    """One decision.

    Args:
        decision_id: its id.
        kind: must-link or cannot-link.
        profile_a: a profile of one side.
        profile_b: a profile of the other.
        in_force: it has not been undone.
    """

    decision_id: str
    kind: str
    profile_a: int
    profile_b: int
    in_force: bool

    @property
    def weight(self) -> float:
        """As a link: certain, for or against."""
        return math.inf if self.kind == "must-link" else -math.inf


@dataclass(frozen=True)
class Standing:
    """All decisions ever made, and which are in force."""

    decisions: tuple[Decision, ...]

    @property
    def in_force(self) -> tuple[Decision, ...]:
        """Those that count."""
        return tuple(decision for decision in self.decisions if decision.in_force)

    @property
    def ids(self) -> tuple[str, ...]:
        """Ids of those in force, sorted."""
        return tuple(sorted(decision.decision_id for decision in self.in_force))

    def touched_since(self, note: state.Note | None) -> tuple[int, ...]:
        """Profiles of decisions that were made or undone since a resolution."""
        then = set(note.decisions) if note else set()
        moved = then ^ set(self.ids)
        found = [d for d in self.decisions if d.decision_id in moved]
        return tuple(sorted({profile for d in found for profile in (d.profile_a, d.profile_b)}))


def standing(bench: Workbench, spec: EntitySpec) -> Standing:
    """The decisions about an entity, in the order they were made."""
    if not table_log.row_count("entities", f"{spec.entity}_decision"):
        return Standing(())
    rows = state.read(bench, spec, "_decision").orderBy("decided_at", "decision_id").collect()
    return Standing(
        tuple(
            Decision(r["decision_id"], r["kind"], r["profile_a"], r["profile_b"], r["undone_at"] is None) for r in rows
        )
    )


def decide(
    bench: Workbench, spec: EntitySpec, kind: Kind, profile_a: int, profile_b: int, reason: str, decided_by: str
) -> str:
    """Write a decision down and give its id; it takes effect at the next resolution.

    Raises:
        LakeError: there is no reason, or both sides are the same profile.
    """
    if not reason.strip():
        raise LakeError("a decision needs its reason", 'add --reason "…"')
    if profile_a == profile_b:
        raise LakeError("both sides are the same profile", "name two entities")
    state.create_tables(spec)
    decision_id = f"D-{uuid.uuid4().hex[:12].upper()}"
    row = (decision_id, kind, profile_a, profile_b, reason.strip(), decided_by, datetime.now(UTC), None, None)
    state.save(bench, bench.spark.createDataFrame([row], state.DECISION), spec, "_decision", "append", decision_id)
    return decision_id


def undo(bench: Workbench, spec: EntitySpec, decision_id: str, undone_by: str) -> None:
    """Take a decision back; it stays in the table with the time, and no longer counts.

    Raises:
        LakeError: there is no such decision in force.
    """
    known = {d.decision_id for d in standing(bench, spec).in_force}
    if decision_id not in known:
        raise LakeError(f"no decision {decision_id} is in force", "lake decide list")
    rows = state.read(bench, spec, "_decision")
    here = F.col("decision_id") == decision_id
    changed = rows.withColumns(
        {
            "undone_at": F.when(here, F.lit(datetime.now(UTC))).otherwise(F.col("undone_at")),
            "undone_by": F.when(here, F.lit(undone_by)).otherwise(F.col("undone_by")),
        }
    )
    state.save(bench, changed, spec, "_decision", "overwrite", f"undo {decision_id}")
