"""`erase`: one act from the note that somebody is erased to the proof that nothing is left."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

from expectations.entity_spec import EntitySpec
from spark_jobs.base.errors import LakeError
from spark_jobs.base.failpoints import failpoint
from spark_jobs.control.exclusive import Exclusive
from spark_jobs.entities import state
from spark_jobs.entities.erase import proof, purge
from spark_jobs.entities.explain.lookup import Row, opened
from spark_jobs.entities.explain.side import side
from spark_jobs.entities.resolution import erased as erasure
from spark_jobs.entities.resolution.outcome import ResolveOutcome
from spark_jobs.entities.resolution.resolve import alone_with
from spark_jobs.lake.engine.workbench import Workbench

Opened = Callable[[], AbstractContextManager[Workbench]]
"""Opens a workbench for a block, of which nothing is left on any disk afterwards."""
ResolveAgain = Callable[[Workbench, Exclusive], ResolveOutcome]
"""Resolves the kind of entity, by who has the right to it."""


@dataclass(frozen=True)
class Erasure:
    """What an erasure came to.

    Args:
        entity_id: the id that was erased.
        records: records that are no longer of any entity here.
        profiles: profiles that are gone.
        purged: rows, files and log entries that were taken out.
        proof: what the search for leftovers found.
        shared: how many of the numbers other entities' records say too; those records stay.
    """

    entity_id: str
    records: int
    profiles: int
    purged: purge.Purged
    proof: proof.Proof
    shared: int


def erase(opened_bench: Opened, spec: EntitySpec, entity_id: str, reason: str, resolve_again: ResolveAgain) -> Erasure:
    """Erase an entity: records, profiles, edges, ids and log details, in every version that storage has.

    Args:
        opened_bench: an engine that joins many records.
        spec: the kind of entity.
        entity_id: its id, or a retired one.
        reason: why; it must not name the person, as it stays in the log.
        resolve_again: resolves this kind of entity.

    Raises:
        LakeError: there is no reason or no such entity, something is left, or another process that changes the same
            kind of entity does not come to its end.
    """
    if not reason.strip():
        raise LakeError("an erasure needs its reason", 'add --reason "…"')
    # Of the files of whoever wrote meanwhile the purge would leave nothing.
    with alone_with(spec.entity) as alone:
        with opened(spec) as at:
            found = side(at, entity_id)
            profiles = at.of_entity(found.entity_id)
            retired = at.rows("SELECT retired_id FROM {alias} WHERE surviving_id = $id", id=found.entity_id)
        ids = [row["profile_id"] for row in profiles]
        with opened_bench() as bench:
            erasure.note_erasure(bench, spec, ids, reason.strip())
            failpoint("erase.after_note")
            purged = _without_them(alone, bench, spec, resolve_again)
        purged = purge.purge_files(spec, purged)
        failpoint("erase.before_proof")
        numbers = _numbers(spec, profiles)
        shared = _said_by_others(spec, numbers)
        texts = [*(numbers - shared), found.entity_id, *(row["retired_id"] for row in retired)]
        evidence = proof.search(spec, ids, texts)
    if evidence.found:
        raise LakeError(
            f"{len(evidence.found)} places still refer to {found.entity_id}: {'; '.join(evidence.found[:5])}",
            f"see that nothing else writes, then: lake purge --entity {spec.entity}",
        )
    records = sum(row["records"] for row in profiles)
    return Erasure(found.entity_id, records, len(ids), purged, evidence, len(shared))


def finish(opened_bench: Opened, spec: EntitySpec, resolve_again: ResolveAgain) -> purge.Purged:
    """Do what an interrupted erasure left undone."""
    with alone_with(spec.entity) as alone:
        with opened_bench() as bench:
            if not erasure.erased(bench, spec):
                raise LakeError(f"nothing of {spec.entity} was ever erased", "lake erase ID --reason …")
            purged = _without_them(alone, bench, spec, resolve_again)
        return purge.purge_files(spec, purged)


def _without_them(alone: Exclusive, bench: Workbench, spec: EntitySpec, resolve_again: ResolveAgain) -> purge.Purged:
    """All rows of the entity's tables as if who is erased had never been delivered."""
    forgotten = purge.forget_decisions(bench, spec)
    failpoint("erase.after_decisions")
    resolve_again(bench, alone)
    failpoint("erase.after_resolution")
    alone.check()
    return purge.purge_rows(bench, spec, forgotten)


def _numbers(spec: EntitySpec, profiles: list[Row]) -> set[str]:
    """The identifying numbers that an entity's profiles say."""
    return {str(row[name]) for row in profiles for name in spec.identifiers if row[name]}


def _said_by_others(spec: EntitySpec, numbers: set[str]) -> set[str]:
    """Those numbers that profiles say which stay: another's records may have a person's number."""
    if state.last_note(spec) is None or not numbers:
        return set()
    with opened(spec) as at:
        said = " UNION ALL ".join(f"SELECT {name}::VARCHAR AS number FROM {{profile}}" for name in spec.identifiers)
        listed = sorted(numbers)
        rows = at.rows(
            f"SELECT DISTINCT s.number AS said, n.number FROM ({said}) s, unnest($numbers::VARCHAR[]) n(number) "
            "WHERE contains(s.number, n.number)",
            numbers=listed,
        )
    return {row["number"] for row in rows}
