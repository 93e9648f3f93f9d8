"""`entity`: the golden record with its sources, and what happened to the id, by the log of events."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from expectations.entity_spec import EntitySpec
from spark_jobs.base.errors import LakeError
from spark_jobs.base.settings import CITY_TIME
from spark_jobs.entities.explain.lookup import EntityTables, Row, ids_of
from spark_jobs.entities.explain.side import surviving


@dataclass(frozen=True)
class Then:
    """An id at a moment.

    Args:
        event: the last event up to then; None where the id did not exist yet.
        profiles: the profiles that it had.
        other_id: the id that it was merged into or split from.
    """

    event: str | None
    profiles: tuple[int, ...]
    other_id: str | None


@dataclass(frozen=True)
class EntityView:
    """All that is known of an entity.

    Args:
        spec: the kind.
        asked: the id that was asked for.
        entity_id: the id that stands for it.
        golden: the golden record; None for one that is retired, and for a moment in the past.
        profiles: its profiles.
        records: records by feed.
        merged: ids that were merged into it.
        events: history of the id, the oldest first.
        then: its state at `--as-of`.
        gone: how many of the profiles it had then are not known today.
    """

    spec: EntitySpec
    asked: str
    entity_id: str
    golden: Row | None
    profiles: tuple[Row, ...]
    records: dict[str, int]
    merged: tuple[str, ...]
    events: tuple[Row, ...]
    then: Then | None = None
    gone: int = 0


def entity(at: EntityTables, entity_id: str, as_of: datetime | None = None) -> EntityView:
    """An entity as it is, or as it was.

    Raises:
        LakeError: no entity ever had that id.
    """
    events = _events(at, entity_id)
    if as_of is not None:
        return _at(at, entity_id, events, as_of)
    today = entity_id if at.of_entity(entity_id) else surviving(at, entity_id)
    if today is None:
        if not events:
            raise LakeError(
                f"there never was a {at.spec.entity} {entity_id}",
                f'lake sql "SELECT {at.spec.id_column} FROM entities.{at.spec.entity} LIMIT 10"',
            )
        return EntityView(at.spec, entity_id, entity_id, None, (), {}, (), tuple(events), replay(events, None))
    profiles = at.of_entity(today)
    golden = at.rows(f"SELECT * FROM {{}} WHERE {at.spec.id_column} = $id", id=today)
    merged = at.rows("SELECT retired_id FROM {alias} WHERE surviving_id = $id ORDER BY retired_id", id=today)
    if today != entity_id:
        events += _events(at, today)
    return EntityView(
        at.spec,
        entity_id,
        today,
        golden[0] if golden else None,
        tuple(profiles),
        _records_by_feed(at, profiles),
        tuple(row["retired_id"] for row in merged),
        tuple(events),
    )


def _events(at: EntityTables, entity_id: str) -> list[Row]:
    return at.rows(
        f'SELECT revision, "at", event, {at.spec.id_column} AS entity_id, other_id, profiles, records FROM {{event}} '
        f"WHERE {at.spec.id_column} = $id OR (other_id = $id AND event IN ('merged', 'split')) "
        "ORDER BY revision, event",
        id=entity_id,
    )


def _at(at: EntityTables, entity_id: str, events: list[Row], moment: datetime) -> EntityView:
    own = [row for row in events if row["entity_id"] == entity_id]
    then = replay(own, moment)
    if then.event is None:
        raise LakeError(f"{entity_id} did not exist by {moment.isoformat()}", "lake entity " + entity_id)
    profiles = at.profiles(f"profile_id IN ({ids_of(then.profiles)})") if then.profiles else []
    until = tuple(row for row in events if row["at"] <= moment)
    gone = len(then.profiles) - len(profiles)
    return EntityView(at.spec, entity_id, entity_id, None, tuple(profiles), {}, (), until, then, gone)


def replay(events: list[Row], moment: datetime | None) -> Then:
    """The state of one id after its last event up to a moment; erased profiles are left out.

    Args:
        events: events of the id, in order of their revision.
        moment: until when; None for all.
    """
    until = [row for row in events if moment is None or row["at"] <= moment]
    if not until:
        return Then(None, (), None)
    last = until[-1]
    return Then(last["event"], tuple(p for p in last["profiles"] or () if p is not None), last["other_id"])


def _records_by_feed(at: EntityTables, profiles: list[Row]) -> dict[str, int]:
    ids = ids_of(row["profile_id"] for row in profiles)
    rows = at.rows(
        f"SELECT feed, count(*) AS n FROM {{record}} WHERE profile_id IN ({ids}) GROUP BY feed ORDER BY feed"
    )
    return dict(Counter({row["feed"]: row["n"] for row in rows}))


def moment_of(text: str) -> datetime:
    """A moment from a date (its end, in the city's time) or an ISO date-time.

    Raises:
        LakeError: it is neither.
    """
    try:
        if len(text) == len("2026-01-01"):
            day = date.fromisoformat(text) + timedelta(days=1)
            return datetime.combine(day, time(), CITY_TIME) - timedelta(microseconds=1)
        found = datetime.fromisoformat(text)
    except ValueError:
        raise LakeError(f"{text!r} is neither a date nor a date-time", "for example --as-of 2026-11-02") from None
    return found if found.tzinfo else found.replace(tzinfo=CITY_TIME)


def shown(value: Any) -> str:
    """A value as a person reads it."""
    return "–" if value is None else str(value)
