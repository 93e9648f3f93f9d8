"""What one resolution came to."""

from dataclasses import dataclass, field
from typing import Any

from spark_jobs.entities.state import Note


@dataclass(frozen=True)
class ResolveOutcome:
    """What one resolution came to.

    Args:
        entity: the kind of entity.
        revision: its number; 0 where nothing was ever resolved.
        changed: something was written.
        records: mentions in the published silver versions.
        profiles: distinct contents among them.
        entities: entities.
        pairs: pairs that were compared and matter.
        events: what happened, by kind.
        figures: seconds, CPU-seconds, memory, shuffle, by the names of `Meter.figures`.
    """

    entity: str
    revision: int
    changed: bool
    records: int
    profiles: int
    entities: int
    pairs: int
    events: dict[str, int] = field(default_factory=dict)
    figures: dict[str, Any] = field(default_factory=dict)


def unchanged(entity: str, note: Note | None) -> ResolveOutcome:
    """Nothing was written: what the last resolution came to still holds."""
    counts = {} if note is None else note.counts
    records, profiles, entities, pairs = (counts.get(name, 0) for name in ("records", "profiles", "entities", "pairs"))
    return ResolveOutcome(entity, 0 if note is None else note.revision, False, records, profiles, entities, pairs)
