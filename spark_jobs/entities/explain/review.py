"""The review queue: pairs of different entities whose weight leaves it open whether they are one."""

from spark_jobs.entities.explain.lookup import EntityTables, Row, ids_of


def review(at: EntityTables, limit: int) -> list[Row]:
    """The strongest pairs between the review weight and the threshold, one per pair of entities.

    Returns:
        `entity_a`, `entity_b`, `a`, `b` (profiles), `weight`, `vector`, `rules`.
    """
    low, high = at.spec.matching.review, at.spec.matching.threshold
    # The band first, on the one column; which row of a pair holds is asked of those pairs only.
    near = f"(a, b) IN (SELECT a, b FROM {{edge}} WHERE weight >= {low} AND weight < {high})"
    edges = [edge for edge in at.edges(near) if low <= edge["weight"] < high]
    owner = at.owners(node for edge in edges for node in (edge["node_a"], edge["node_b"]))
    decided = _decided(at)
    found: dict[tuple[str, str], Row] = {}
    for edge in edges:
        one, other = owner.get(edge["node_a"]), owner.get(edge["node_b"])
        if one is None or other is None or one == other:
            continue
        key = (min(one, other), max(one, other))
        if key not in decided:
            found.setdefault(key, {"entity_a": one, "entity_b": other, **edge})
        if len(found) == limit:
            break
    return list(found.values())


def _decided(at: EntityTables) -> set[tuple[str, str]]:
    """Pairs of entities that a steward has decided about."""
    rows = [row for row in at.decisions() if row["undone_at"] is None]
    profiles = {profile for row in rows for profile in (row["profile_a"], row["profile_b"])}
    if not profiles:
        return set()
    entity = {row["profile_id"]: row["entity_id"] for row in at.profiles(f"profile_id IN ({ids_of(profiles)})")}
    pairs = [(entity.get(row["profile_a"]), entity.get(row["profile_b"])) for row in rows]
    return {(min(a, b), max(a, b)) for a, b in pairs if a is not None and b is not None}
