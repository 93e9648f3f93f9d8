"""Explanations as a person reads them on a screen, in Chinese and in English; values only where they were asked for."""

from collections.abc import Iterator

from rich.table import Table
from rich.text import Text

from expectations.entity_spec import EntitySpec
from spark_jobs.entities.explain.apart import Apart, RuleMiss
from spark_jobs.entities.explain.cluster import Cluster
from spark_jobs.entities.explain.evidence import Evidence, level_words, odds, probability, strength, verdict
from spark_jobs.entities.explain.history import EntityView, shown
from spark_jobs.entities.explain.lookup import Row
from spark_jobs.entities.explain.pair import Pair
from spark_jobs.entities.explain.side import Side
from spark_jobs.entities.explain.tree import Link

Shown = Iterator[str | Table]
_TREE_LINES = 30
_LISTED = 20


def pair_text(pair: Pair, show_values: bool) -> Shown:
    """`why`."""
    yield from _sides(pair.a, pair.b)
    if pair.same_node:
        certain = " + ".join(pair.spec.matching.same)
        yield f"无须比较：确定键相同（{certain}） / no comparison needed: the certain key is the same"
    if pair.evidence is not None:
        kind = "已存的最强一对 / the strongest stored pair" if pair.is_stored else "现在比较 / compared now"
        yield f"画像 {pair.profile_a} ↔ {pair.profile_b}（{kind}）"
        yield evidence_table(pair.evidence)
        yield _in_words(pair.evidence.weight)
        if pair.rules:
            yield f"由分块规则配对 / paired by blocking rules: {'; '.join(pair.rules)}"
        elif not pair.is_stored:
            yield "未存：未配对，或权重无关紧要 / not stored: never paired, or of no weight that matters (lake why-not)"
        if pair.model_changed:
            yield "注意：模型已更换，下次归并时重算 / the model has changed since; the next resolution weighs anew"
    yield from _decisions(pair.decisions)
    if len(pair.chain) > 1:
        yield "经由以下链接成为同一实体 / one entity by way of these links:"
        yield from (f"  {_link(link, pair.spec)}" for link in pair.chain)
    yield "今为同一实体 / one entity today" if pair.same_entity else "今为两个实体 / two entities today"
    if show_values:
        by_id = {row["profile_id"]: row for side in (pair.a, pair.b) for row in side.profiles}
        yield values_table(pair.spec, by_id[pair.profile_a], by_id[pair.profile_b])


def evidence_table(evidence: Evidence) -> Table:
    """What each comparison says, with its weight, from the prior to the sum."""
    table = Table("比较 comparison", "结果 level", "权重 bits", "含义 meaning")
    table.add_row("先验 prior", "两个画像任取 any two profiles", f"{evidence.prior:+.2f}", odds(evidence.prior))
    for line in evidence.lines:
        table.add_row(
            f"{line.title} {line.title_en}", level_words(line), f"{line.weight:+.2f}", " ".join(strength(line.weight))
        )
    table.add_row("合计 sum", "", f"{evidence.weight:+.2f}", odds(evidence.weight))
    return table


def _in_words(weight: float) -> str:
    zh, en = verdict(weight)
    return f"{zh} / {en}: {weight:+.1f} 比特 bits = {odds(weight)}, p = {probability(weight):.6f}"


def values_table(spec: EntitySpec, one: Row, other: Row) -> Table:
    """What two profiles say, side by side."""
    table = Table("属性 attribute", "A", "B")
    for attribute in spec.attributes:
        name = f"{attribute.title or attribute.name} {attribute.title_en or ''}".strip()
        table.add_row(name, *(Text(shown(row[attribute.name])) for row in (one, other)))
    return table


def _sides(a: Side, b: Side) -> Iterator[str]:
    for letter, side in (("A", a), ("B", b)):
        alias = "（已并入，今为 retired, now）" if side.alias_of else "→"
        yield f"{letter}: {side.text} {alias} {side.entity_id}，{len(side.profiles)} 画像 profiles"


def _decisions(rows: tuple[Row, ...]) -> Iterator[str]:
    for row in rows:
        yield f"人工裁定 steward: {row['kind']} {row['decision_id']} · {row['decided_by']} · {row['reason']}"


def _link(link: Link, spec: EntitySpec) -> str:
    if link.decision is not None:
        return f"{link.a} — {link.b}: 人工裁定 steward {link.decision}"
    rules = [rule.name for n, rule in enumerate(spec.matching.blocking) if link.rules >> n & 1]
    return f"{link.a} — {link.b}: {link.weight:+.1f} bits ({'; '.join(rules)})"


def cluster_text(cluster: Cluster, spec: EntitySpec) -> Shown:
    """`how`."""
    profiles = sum(len(rows) for rows in cluster.groups.values())
    yield f"{cluster.entity_id}: {profiles} 画像 profiles, {len(cluster.groups)} 节点 nodes"
    for node, rows in cluster.groups.items():
        if len(rows) > 1:
            same = " + ".join(spec.matching.same)
            yield f"  同一节点 one node {node}: {len(rows)} 画像，{same} 相同 the same"
    more = f"另有 {cluster.others} 条佐证 further ones agree"
    yield f"链接，由强到弱 / links, strongest first ({len(cluster.tree)}; {more}):"
    yield from (f"  {_link(link, spec)}" for link in cluster.tree[:_TREE_LINES])
    if len(cluster.tree) > _TREE_LINES:
        yield f"  … {len(cluster.tree) - _TREE_LINES} 条较弱的 weaker ones"
    if cluster.refused:
        yield "拒绝的链接 / refused links:"
    for refused in cluster.refused[:_LISTED]:
        yield f"  {_link(refused.link, spec)} → {refused.other_id}: {refused.reason} / {refused.reason_en}"
    if cluster.against:
        yield "内部的相反证据 / evidence against it within:"
        yield from (f"  {_link(link, spec)}" for link in cluster.against[:_LISTED])


def apart_text(apart: Apart, spec: EntitySpec, show_values: bool) -> Shown:
    """`why-not`."""
    yield from _sides(apart.a, apart.b)
    yield f"{apart.reason} / {apart.reason_en}"
    if apart.cause == "same":
        yield f"  lake why {apart.a.text} {apart.b.text}"
        return
    yield from _decisions(apart.decisions)
    if apart.rules:
        table = Table("分块规则 blocking rule", "结果 outcome")
        for rule in apart.rules:
            table.add_row(rule.rule, _miss(rule))
        yield table
    if apart.evidence is not None:
        yield "已比较 / compared:" if apart.cause != "not_a_candidate" else "若比较，则为 / had they been compared:"
        yield evidence_table(apart.evidence)
        yield _in_words(apart.evidence.weight)
    if apart.in_review:
        yield "在复核队列中 / it is in the review queue: lake review"
    if show_values:
        yield values_table(spec, apart.a.profiles[0], apart.b.profiles[0])


def _miss(rule: RuleMiss) -> str:
    if rule.state == "shared":
        return f"共同分块 one block, {rule.nodes} 节点 nodes"
    if rule.state == "too_large":
        return f"分块过大 too large: {rule.nodes} > {rule.limit} 节点 nodes"
    if rule.state == "of_several":
        return "不止一家所有 borne by more than one"
    parts = []
    if rule.missing:
        parts.append(f"缺 missing: {', '.join(rule.missing)}")
    if rule.differs:
        parts.append(f"不同 differs: {', '.join(rule.differs)}")
    return "; ".join(parts) or "无共同分块 no block in common"


def entity_text(view: EntityView, show_values: bool) -> Shown:
    """`entity`."""
    spec = view.spec
    if view.asked != view.entity_id:
        yield f"{view.asked} 已并入 was merged into {view.entity_id}"
    if view.then is not None:
        state = f"{view.then.event}" + (f" → {view.then.other_id}" if view.then.other_id else "")
        yield f"{view.asked}: {state}, {len(view.then.profiles)} 画像 profiles"
        if view.gone:
            yield f"  其中 {view.gone} 个今已不存 / of which {view.gone} are not known today"
    if view.golden is not None:
        yield _golden(spec, view.golden, show_values)
        yield f"来源 sources: {', '.join(f'{feed} ({n:,})' for feed, n in view.records.items())}"
    if view.merged:
        yield f"并入的标识 ids merged into it: {', '.join(view.merged)}"
    if view.profiles:
        yield _members(spec, view.profiles, show_values)
    yield "历史 history:"
    for event in view.events:
        other = f" {event['other_id']}" if event["other_id"] else ""
        size = f", {len(event['profiles'] or ())} profiles, {event['records']} records" if event["profiles"] else ""
        yield f"  {event['at']:%Y-%m-%d %H:%M} r{event['revision']} {event['entity_id']} {event['event']}{other}{size}"


def _golden(spec: EntitySpec, golden: Row, show_values: bool) -> Table:
    table = Table("属性 attribute", "值 value", "来源 source", "日期 date")
    for attribute in spec.attributes:
        value = golden[attribute.name]
        text = shown(value) if show_values else ("–" if value is None else "●")
        name = f"{attribute.title or attribute.name} {attribute.title_en or ''}".strip()
        origin = (golden[f"{attribute.name}_source"], golden[f"{attribute.name}_date"])
        table.add_row(name, Text(text), *(Text(shown(part)) for part in origin))
    return table


def _members(spec: EntitySpec, profiles: tuple[Row, ...], show_values: bool) -> Table:
    names = [attribute.name for attribute in spec.attributes] if show_values else []
    table = Table("画像 profile", "节点 node", "记录 records", "首见 first seen", *names)
    for row in profiles[: _LISTED * 5]:
        values = (Text(shown(row[name])) for name in names)
        table.add_row(
            str(row["profile_id"]), str(row["node_id"]), str(row["records"]), shown(row["first_date"]), *values
        )
    return table
