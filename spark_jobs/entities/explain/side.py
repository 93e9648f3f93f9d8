"""What a command line names: an entity, a profile or a record, led to the entity of today."""

import re
from dataclasses import dataclass

from expectations.entity_spec import EntitySpec, load_entities, load_entity
from spark_jobs.base.errors import LakeError
from spark_jobs.entities import state
from spark_jobs.entities.explain.lookup import EntityTables, Row, ids_of, opened

_ID = re.compile(r"([A-Z])-[0-9A-F]{20}$")
_PROFILE = re.compile(r"-?\d{1,19}$")
_CREDIT_CODE = re.compile(r"(?=.*[A-Z])[0-9A-Z]{18}$")
"""Not of digits alone, which are a profile."""
_FORMS = "an entity id (P-…), a profile id, or a record as FEED:DELIVERY:ROW or FEED:DELIVERY:ROW:ROLE"


@dataclass(frozen=True)
class Side:
    """One side of a question.

    Args:
        text: how it was named.
        entity_id: the entity that it is of today.
        profiles: rows of the profiles that are meant: one, or all of an entity, the oldest first.
        alias_of: the retired id that was named, where it was one.
    """

    text: str
    entity_id: str
    profiles: tuple[Row, ...]
    alias_of: str | None = None

    @property
    def oldest(self) -> int:
        """The profile that stands for it."""
        return int(self.profiles[0]["profile_id"])

    @property
    def nodes(self) -> frozenset[int]:
        """Nodes of its profiles."""
        return frozenset(row["node_id"] for row in self.profiles)


def spec_of(texts: tuple[str, ...], entity: str | None) -> EntitySpec:
    """The kind of entity that some names are of.

    Raises:
        LakeError: they do not tell, or there is no such kind.
    """
    specs = load_entities()
    if entity is not None:
        found = [spec for spec in specs if spec.entity == entity]
    else:
        prefixes = {match[1] for text in texts if (match := _ID.match(text))}
        found = [spec for spec in specs if spec.id_prefix in prefixes]
        if not prefixes:
            found = [spec for spec in specs if state.last_note(spec) is not None]
    if len(found) != 1:
        names = ", ".join(spec.entity for spec in specs)
        raise LakeError(f"which kind of entity is meant? there are {names}", "add --entity")
    return found[0]


def side(at: EntityTables, text: str) -> Side:
    """What a text names, today.

    Raises:
        LakeError: nothing is known by that name.
    """
    if _ID.match(text):
        return _of_id(at, text)
    if _PROFILE.match(text):
        return _of_profiles(at, text, at.profiles("profile_id = $id", id=int(text)))
    return _of_record(at, text)


def named(text: str) -> Side:
    """The entity that an id names today, or a firm's unified social credit code (GB 32100-2015).

    Raises:
        LakeError: it is neither, or nothing is known by it.
    """
    code = text.upper()
    if _ID.match(text):
        with opened(spec_of((text,), None)) as at:
            return side(at, text)
    if not _CREDIT_CODE.match(code):
        # Not told what was typed: it may be somebody's name.
        raise LakeError(
            "that names neither a person nor a firm", "give an id (P-…, L-…) or a firm's social credit code"
        )
    with opened(load_entity("legal_entity")) as at:
        held = at.rows("SELECT legal_entity_id FROM {} WHERE uscc = $code", code=code)
        if not held:
            # A citizen number may end in X and look like one.
            raise LakeError("no legal entity has that code", "check it; lake resolve takes in what came since")
        return side(at, str(held[0]["legal_entity_id"]))


def surviving(at: EntityTables, entity_id: str) -> str | None:
    """The id that stands for a retired one; None where it is no alias."""
    rows = at.rows("SELECT surviving_id FROM {alias} WHERE retired_id = $id", id=entity_id)
    return str(rows[0]["surviving_id"]) if rows else None


def _of_id(at: EntityTables, text: str) -> Side:
    profiles = at.of_entity(text)
    if profiles:
        return Side(text, text, tuple(profiles))
    today = surviving(at, text)
    if today is None:
        raise LakeError(f"there is no {at.spec.entity} {text}", "it may have been retired: lake entity " + text)
    return Side(text, today, tuple(_once_of(at, text) or at.of_entity(today)), alias_of=text)


def _once_of(at: EntityTables, retired: str) -> list[Row]:
    """The profiles that a retired id had last, as far as records still speak of them."""
    rows = at.rows(
        f"SELECT profiles FROM {{event}} WHERE {at.spec.id_column} = $id AND len(profiles) > 0 "
        "ORDER BY revision DESC LIMIT 1",
        id=retired,
    )
    ids = [profile for profile in rows[0]["profiles"] if profile is not None] if rows else []
    return at.profiles(f"profile_id IN ({ids_of(ids)})") if ids else []


def _of_profiles(at: EntityTables, text: str, profiles: list[Row]) -> Side:
    if not profiles:
        raise LakeError(f"no profile of {at.spec.entity} is known as {text}", f"name {_FORMS}")
    return Side(text, str(profiles[0]["entity_id"]), tuple(profiles))


def _of_record(at: EntityTables, text: str) -> Side:
    # Neither feed nor delivery has a colon in its id; a role may have one.
    parts = text.split(":", 3)
    if len(parts) < 3 or not parts[2].isdigit():
        raise LakeError(f"{text!r} is no name of an entity, profile or record", f"name {_FORMS}")
    feed, delivery, row = parts[:3]
    role = parts[3] if len(parts) > 3 else None
    found = at.rows(
        "SELECT DISTINCT profile_id, role FROM {record} "
        "WHERE feed = $feed AND _delivery_id = $delivery AND _row_number = $row AND ($role IS NULL OR role = $role)",
        feed=feed,
        delivery=delivery,
        row=int(row),
        role=role,
    )
    if len(found) > 1:
        roles = ", ".join(sorted(str(one["role"]) for one in found))
        raise LakeError(f"row {row} mentions several of {at.spec.entity}: {roles}", f"name one: {text}:ROLE")
    ids = [one["profile_id"] for one in found]
    return _of_profiles(at, text, at.profiles("profile_id = $id", id=ids[0]) if ids else [])
