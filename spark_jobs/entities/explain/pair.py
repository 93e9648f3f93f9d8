"""`why`: what links two things that a command line names, or speaks against a link."""

from collections.abc import Callable
from dataclasses import dataclass

from expectations.entity_spec import EntitySpec
from spark_jobs.entities.explain.compared import Compared
from spark_jobs.entities.explain.evidence import Evidence, explain, levels_of
from spark_jobs.entities.explain.lookup import EntityTables, Row
from spark_jobs.entities.explain.side import Side
from spark_jobs.entities.explain.tree import Link, path, spanning_tree
from spark_jobs.entities.match.model import Model

Compare = Callable[[Row, Row], Compared]
"""Compares two profiles; asked only where no stored pair tells."""


@dataclass(frozen=True)
class Pair:
    """What is known of a pair.

    Args:
        spec: the kind of entity.
        a: one side.
        b: the other.
        profile_a: the profile of the first side that the evidence is about.
        profile_b: the profile of the other.
        evidence: what speaks for and against; None where the two are one profile or one node.
        rules: names of the blocking rules that made the pair.
        is_stored: resolution compared the pair and kept it; else it was compared now.
        same_node: both have the same certain key, so nothing need be compared.
        decisions: stewards' decisions in force between the sides.
        chain: links that lead from one to the other, where both are one entity.
        model_changed: the pair was weighed by another version of the model than the one that explains it.
    """

    spec: EntitySpec
    a: Side
    b: Side
    profile_a: int
    profile_b: int
    evidence: Evidence | None
    rules: tuple[str, ...] = ()
    is_stored: bool = False
    same_node: bool = False
    decisions: tuple[Row, ...] = ()
    chain: tuple[Link, ...] = ()
    model_changed: bool = False

    @property
    def same_entity(self) -> bool:
        """Both are one entity today."""
        return self.a.entity_id == self.b.entity_id


def why(at: EntityTables, model: Model, a: Side, b: Side, compare: Compare) -> Pair:
    """The evidence between two sides: of a stored pair, the strongest; else of their oldest profiles, compared now."""
    decisions = decided(at, a, b)
    some, others = apart(a, b)
    if len(a.profiles) == len(b.profiles) == 1 and some & others:
        return Pair(at.spec, a, b, a.oldest, b.oldest, None, same_node=True, decisions=decisions)
    chain = _chain(at, a, b, some, others)
    stored = at.edges_between(some, others)
    if stored:
        best = stored[0]
        ends = (best["a"], best["b"]) if best["node_a"] in some else (best["b"], best["a"])
        evidence, changed = weighed(at, model, best)
        rules = rule_names(best["rules"], at.spec)
        return Pair(at.spec, a, b, *ends, evidence, rules, True, False, decisions, chain, changed)
    one, other = (_standing(s, nodes) for s, nodes in ((a, some), (b, others)))
    ends = (one["profile_id"], other["profile_id"])
    return Pair(at.spec, a, b, *ends, compare(one, other).evidence, decisions=decisions, chain=chain)


def apart(a: Side, b: Side) -> tuple[frozenset[int], frozenset[int]]:
    """The nodes of each side that are not the other's; all, where nothing would be left."""
    return a.nodes - b.nodes or a.nodes, b.nodes - a.nodes or b.nodes


def _standing(side: Side, nodes: frozenset[int]) -> Row:
    return next(row for row in side.profiles if row["node_id"] in nodes)


def weighed(at: EntityTables, model: Model, edge: Row) -> tuple[Evidence, bool]:
    """The evidence of a stored pair, and whether another version of the model weighed it."""
    evidence = explain(levels_of(edge["vector"], at.spec), at.spec, model, total=edge["weight"])
    used = at.rows("SELECT model FROM {resolution} ORDER BY revision DESC LIMIT 1")
    return evidence, bool(used) and used[0]["model"] != model.version


def rule_names(bits: int, spec: EntitySpec) -> tuple[str, ...]:
    """Names of the blocking rules whose bits are set."""
    return tuple(rule.name for n, rule in enumerate(spec.matching.blocking) if bits >> n & 1)


def decided(at: EntityTables, a: Side, b: Side) -> tuple[Row, ...]:
    """Decisions in force that name a profile of each side."""
    one, other = ({row["profile_id"] for row in side.profiles} for side in (a, b))
    return tuple(
        row
        for row in at.decisions()
        if row["undone_at"] is None
        and (
            (row["profile_a"] in one and row["profile_b"] in other)
            or (row["profile_a"] in other and row["profile_b"] in one)
        )
    )


def links_within(at: EntityTables, nodes: frozenset[int]) -> list[Link]:
    """The links that resolution could use among some nodes: pairs at or above the threshold, and must-links."""
    edges = at.edges_of(nodes)
    inside = [e for e in edges if e["node_a"] in nodes and e["node_b"] in nodes]
    links = [link_of(e) for e in inside if e["weight"] >= at.spec.matching.threshold]
    return links + [link for link in decided_links(at, "must-link") if {link.node_a, link.node_b} <= nodes]


def link_of(edge: Row) -> Link:
    """A stored pair as a link of its nodes."""
    return Link(edge["node_a"], edge["node_b"], edge["weight"], edge["a"], edge["b"], edge["rules"], edge["vector"])


def decided_links(at: EntityTables, kind: str) -> list[Link]:
    """Decisions of one kind that are in force, as links of nodes."""
    rows = [row for row in at.decisions() if row["undone_at"] is None and row["kind"] == kind]
    if not rows:
        return []
    ids = sorted({profile for row in rows for profile in (row["profile_a"], row["profile_b"])})
    listed = ", ".join(map(str, ids))
    found = at.rows(f"SELECT DISTINCT profile_id, node_id FROM {{profile}} WHERE profile_id IN ({listed})")
    node = {row["profile_id"]: row["node_id"] for row in found}
    weight = float("inf") if kind == "must-link" else float("-inf")
    return [
        Link(
            node[r["profile_a"]],
            node[r["profile_b"]],
            weight,
            r["profile_a"],
            r["profile_b"],
            decision=r["decision_id"],
        )
        for r in rows
        if r["profile_a"] in node and r["profile_b"] in node
    ]


def _chain(at: EntityTables, a: Side, b: Side, some: frozenset[int], others: frozenset[int]) -> tuple[Link, ...]:
    """How one side leads to the other within their one entity."""
    if a.entity_id != b.entity_id or some & others:
        return ()
    nodes = frozenset(row["node_id"] for row in at.of_entity(a.entity_id))
    tree = spanning_tree(links_within(at, nodes))
    ends = (_standing(side, of)["node_id"] for side, of in ((a, some), (b, others)))
    return tuple(path(tree, *ends) or ())
