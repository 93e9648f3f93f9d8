"""The chain of events, verified: nothing removed, reordered or edited since it was written.

Each event has the hash of what it says, each resolution the hash of its events' hashes and of the resolution before.
An event that was emptied by an erasure keeps its hash, and what it said can no longer be compared.
"""

import hashlib
from collections.abc import Iterator
from typing import Any

from expectations.entity_spec import EntitySpec
from spark_jobs.entities.explain.lookup import EntityTables, opened

Row = dict[str, Any]


def verify_chain(spec: EntitySpec) -> list[str]:
    """All that is wrong with the log of events of an entity; empty where it is whole.

    Raises:
        LakeError: the entity has never been resolved.
    """
    with opened(spec) as at:
        return [*_links(at), *_edited(at), *_emptied(at)]


def _links(at: EntityTables) -> Iterator[str]:
    """Resolutions follow each other without a gap, each upon the digest of the one before and of its own events."""
    resolutions = at.rows("SELECT revision, previous_digest, digest FROM {resolution} ORDER BY revision")
    buckets = at.rows(
        """SELECT revision, bucket, sha256(string_agg(event_hash, '' ORDER BY event_hash)) AS digest
        FROM (SELECT revision, event_hash, substr(event_hash, 1, 2) AS bucket FROM {event})
        GROUP BY revision, bucket ORDER BY revision, bucket"""
    )
    digests: dict[int, list[str]] = {}
    for row in buckets:
        digests.setdefault(row["revision"], []).append(row["digest"])
    yield from chain_problems(resolutions, digests, at.note.revision)


def chain_problems(resolutions: list[Row], digests: dict[int, list[str]], last: int) -> Iterator[str]:
    """What is wrong with the chain of resolutions.

    Args:
        resolutions: `revision`, `previous_digest`, `digest`, in order.
        digests: revision -> digests of the buckets of its events' hashes, in order.
        last: the newest revision that is complete.
    """
    previous = ""
    for expected, row in enumerate(resolutions, start=1):
        if row["revision"] != expected:
            yield f"resolution {expected} is missing from the log"
            return
        if row["previous_digest"] != previous:
            yield f"resolution {expected} does not follow the one before"
        found = hashlib.sha256("".join([row["previous_digest"], *digests.get(expected, [])]).encode()).hexdigest()
        if found != row["digest"]:
            yield f"events of resolution {expected} were removed, added or exchanged"
        previous = row["digest"]
    if len(resolutions) != last:
        yield f"the log ends at resolution {len(resolutions)}, the last complete one is {last}"
    for revision in sorted(set(digests) - set(range(1, len(resolutions) + 1))):
        yield f"events of resolution {revision}, which is not in the log"


def _edited(at: EntityTables) -> Iterator[str]:
    """Events that do not say what their hash was made of."""
    name = at.spec.id_column
    rows = at.rows(
        f"""SELECT revision, count(*) AS n FROM {{event}}
        WHERE {name} IS NOT NULL AND profiles IS NOT NULL AND list_count(profiles) = len(profiles)
          AND event_hash <> sha256(concat_ws('|', revision::VARCHAR, event, {name}, coalesce(other_id, ''),
                                             records::VARCHAR, array_to_string(profiles, ',')))
        GROUP BY revision ORDER BY revision"""
    )
    for row in rows:
        yield f"{row['n']} events of resolution {row['revision']} were edited"


def _emptied(at: EntityTables) -> Iterator[str]:
    """Events without their content, though nothing was erased since they were written."""
    erasures = at.rows(
        """SELECT count(*) AS n, (SELECT min(revision) FROM {resolution}
                                  WHERE "at" >= (SELECT max(erased_at) FROM {erased})) AS until FROM {erased}"""
    )[0]
    until = 0 if not erasures["n"] else erasures["until"] or at.note.revision
    rows = at.rows(
        f"""SELECT revision, count(*) AS n FROM {{event}}
        WHERE ({at.spec.id_column} IS NULL OR profiles IS NULL OR list_count(profiles) < len(profiles))
          AND revision > {until}
        GROUP BY revision ORDER BY revision"""
    )
    for row in rows:
        yield f"{row['n']} events of resolution {row['revision']} were emptied without an erasure"
