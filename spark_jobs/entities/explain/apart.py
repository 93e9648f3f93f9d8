"""`why-not`: why two things are not one entity."""

from dataclasses import dataclass
from typing import Literal

from expectations.matching import BlockingRule
from spark_jobs.entities.explain.cluster import contradiction
from spark_jobs.entities.explain.evidence import Evidence
from spark_jobs.entities.explain.lookup import EntityTables, Row, ids_of
from spark_jobs.entities.explain.pair import Compare, apart, decided, weighed
from spark_jobs.entities.explain.side import Side
from spark_jobs.entities.match.model import Model
from spark_jobs.entities.match.packing import RULE_BITS

Cause = Literal["same", "decided", "refused", "below", "not_a_candidate"]
State = Literal["shared", "too_large", "of_several", "differs", "missing"]


@dataclass(frozen=True)
class RuleMiss:
    """What a blocking rule made of the two.

    Args:
        rule: its name.
        state: both are in one block; in one that was too large; in one of which several entities are, where one alone
            may be; in different ones; one side lacks a column.
        nodes: how many nodes the shared block has, 0 for none.
        limit: how many it may have.
        differs: columns of the rule in which the compared profiles differ.
        missing: columns of it that one of them lacks.
    """

    rule: str
    state: State
    nodes: int
    limit: int
    differs: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class Apart:
    """Why two sides are not one entity.

    Args:
        a: one side.
        b: the other.
        cause: what decided.
        reason: the same in words, Chinese.
        reason_en: in English.
        evidence: of the strongest pair between them, stored or compared now.
        is_stored: resolution compared that pair.
        in_review: the pair is in the review queue.
        rules: what each blocking rule made of the two, where they are no candidates.
        decisions: stewards' decisions in force between them.
    """

    a: Side
    b: Side
    cause: Cause
    reason: str
    reason_en: str
    evidence: Evidence | None = None
    is_stored: bool = False
    in_review: bool = False
    rules: tuple[RuleMiss, ...] = ()
    decisions: tuple[Row, ...] = ()


def why_not(at: EntityTables, model: Model, a: Side, b: Side, compare: Compare) -> Apart:
    """What kept two sides from being one entity: a decision, evidence, their weight, or that they never met."""
    if a.entity_id == b.entity_id:
        return Apart(a, b, "same", f"它们就是同一个实体 {a.entity_id}", f"they are one entity, {a.entity_id}")
    decisions = decided(at, a, b)
    stored = at.edges_between(*apart(a, b))
    evidence = weighed(at, model, stored[0])[0] if stored else None
    forbidding = [row for row in decisions if row["kind"] == "cannot-link"]
    if forbidding:
        reason = f"人工裁定不得合并：{forbidding[-1]['reason']}"
        english = f"a steward decided cannot-link ({forbidding[-1]['decision_id']}): {forbidding[-1]['reason']}"
        return Apart(a, b, "decided", reason, english, evidence, bool(stored), decisions=decisions)
    matching = at.spec.matching
    if evidence is not None and stored[0]["weight"] >= matching.threshold:
        zh, en = contradiction(at, a.nodes, b.entity_id)
        return Apart(a, b, "refused", f"有链接，但{zh}", f"linked, but refused: {en}", evidence, True)
    if evidence is not None:
        return _below(a, b, evidence, True, matching.threshold, matching.review, ())
    compared = compare(a.profiles[0], b.profiles[0])
    rules = _rules(at, a, b, compared.keys_a, compared.keys_b)
    if any(rule.state == "shared" for rule in rules):
        return _below(a, b, compared.evidence, False, matching.threshold, matching.review, rules)
    reason = "没有一条分块规则让它们相遇，所以从未比较"
    english = "no blocking rule brought them together, so they were never compared"
    if any(rule.state == "too_large" for rule in rules):
        reason = "只在过大的分块里相遇，过大的分块不作比较"
        english = "they met only in blocks that are too large to say anything, and those are not compared"
    elif any(rule.state == "of_several" for rule in rules):
        reason = "只凭不止一家所有的相同内容相遇，说不清指的是哪一家，所以不作比较"
        english = "they met only in what more than one of them bears, which does not say who is meant"
    return Apart(a, b, "not_a_candidate", reason, english, compared.evidence, False, rules=rules)


def _below(
    a: Side,
    b: Side,
    evidence: Evidence,
    is_stored: bool,
    threshold: float,
    review: float,
    rules: tuple[RuleMiss, ...],
) -> Apart:
    in_review = is_stored and review <= evidence.weight < threshold
    return Apart(
        a,
        b,
        "below",
        f"比较过：{evidence.weight:+.1f} 比特，低于阈值 {threshold:+.1f}",
        f"compared: {evidence.weight:+.1f} bits, below the threshold of {threshold:+.1f}",
        evidence,
        is_stored,
        in_review,
        rules,
    )


def _rules(at: EntityTables, a: Side, b: Side, keys_a: Row, keys_b: Row) -> tuple[RuleMiss, ...]:
    """What each blocking rule made of the two sides, by all their block keys."""
    of_a, of_b = (_block_keys(at, side) for side in (a, b))
    blocks = _blocks(at, of_a & of_b)
    found = []
    for number, rule in enumerate(at.spec.matching.blocking):
        met = [block for key, block in blocks.items() if rule_of(key) == number]
        shared = [block["nodes"] for block in met]
        limit = rule.at_most or at.spec.matching.largest_block
        has_both = all(any(rule_of(key) == number for key in keys) for keys in (of_a, of_b))
        state: State = "differs" if has_both else "missing"
        if shared:
            is_several = rule.sole and all(block["bearers"] > 1 for block in met)
            state = "too_large" if min(shared) > limit else "of_several" if is_several else "shared"
        columns = _columns(rule)
        missing = tuple(c for c in columns if keys_a[c] is None or keys_b[c] is None)
        differs = tuple(c for c in columns if c not in missing and not _meet(c, rule, keys_a[c], keys_b[c]))
        found.append(RuleMiss(rule.name, state, min(shared, default=0), limit, differs, missing))
    return tuple(found)


def _columns(rule: BlockingRule) -> tuple[str, ...]:
    return (*rule.equal, *(() if rule.each is None else (rule.each,)))


def _meet(column: str, rule: BlockingRule, one: object, other: object) -> bool:
    if column == rule.each and isinstance(one, list) and isinstance(other, list):
        return bool(set(one) & set(other))
    return one == other


def rule_of(key: int) -> int:
    """The number of the rule that made a block key."""
    return key & ((1 << RULE_BITS) - 1)


def _block_keys(at: EntityTables, side: Side) -> set[int]:
    ids = ids_of(row["profile_id"] for row in side.profiles)
    rows = at.rows(f"SELECT DISTINCT unnest(block_keys) AS key FROM {{profile}} WHERE profile_id IN ({ids})")
    # A rule that the profile lacks a column for has left its place empty.
    return {row["key"] for row in rows if row["key"] is not None}


def _blocks(at: EntityTables, keys: set[int]) -> dict[int, Row]:
    """How many nodes each block has, and values of which an entity has one only: `nodes`, `bearers`."""
    if not keys:
        return {}
    rows = at.rows(
        f"""SELECT key, count(DISTINCT node_id) AS nodes, count(DISTINCT nullif(value, 0)) AS bearers
        FROM (SELECT node_id, value, unnest(block_keys) AS key FROM {{profile}})
        WHERE key IN ({ids_of(keys)}) GROUP BY key"""
    )
    return {row["key"]: row for row in rows}
