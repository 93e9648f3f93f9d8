"""`how`: the path that built a cluster, and what was refused."""

from collections import defaultdict
from dataclasses import dataclass

from spark_jobs.entities.explain.lookup import EntityTables, Row
from spark_jobs.entities.explain.pair import decided_links, link_of
from spark_jobs.entities.explain.tree import Link, in_order, spanning_tree


@dataclass(frozen=True)
class Refused:
    """A link that would have joined two entities.

    Args:
        link: the link; its first node is inside.
        other_id: the entity that it leads to.
        reason: why it was refused, Chinese.
        reason_en: the same in English.
    """

    link: Link
    other_id: str
    reason: str
    reason_en: str


@dataclass(frozen=True)
class Cluster:
    """How an entity came to be.

    Args:
        entity_id: its id.
        groups: profiles by node; profiles of one node are certain without comparison.
        tree: the links that built it, strongest first.
        others: how many further links support it.
        refused: links that evidence kept from joining others to it.
        against: pairs inside it that speak against each other.
    """

    entity_id: str
    groups: dict[int, tuple[Row, ...]]
    tree: tuple[Link, ...]
    others: int
    refused: tuple[Refused, ...]
    against: tuple[Link, ...]


def how(at: EntityTables, entity_id: str) -> Cluster:
    """The links that built an entity, and those that were refused."""
    groups: dict[int, list[Row]] = defaultdict(list)
    for row in at.of_entity(entity_id):
        groups[row["node_id"]].append(row)
    nodes = frozenset(groups)
    matching = at.spec.matching
    edges = [link_of(edge) for edge in at.edges_of(nodes)]
    used = [link for link in edges if link.weight >= matching.threshold] + decided_links(at, "must-link")
    inside = [link for link in used if {link.node_a, link.node_b} <= nodes]
    against = [link for link in edges if link.weight <= matching.against] + decided_links(at, "cannot-link")
    tree = spanning_tree(inside)
    return Cluster(
        entity_id,
        {node: tuple(rows) for node, rows in groups.items()},
        tuple(tree),
        len({(link.a, link.b) for link in inside}) - len(tree),
        tuple(_refused(at, nodes, [link for link in used if len({link.node_a, link.node_b} & nodes) == 1])),
        tuple(in_order([link for link in against if {link.node_a, link.node_b} <= nodes])[::-1]),
    )


def _refused(at: EntityTables, nodes: frozenset[int], links: list[Link]) -> list[Refused]:
    """Each entity that links lead to, with its strongest link and the evidence that refused it."""
    if not links:
        return []
    owner = at.owners(node for link in links for node in (link.node_a, link.node_b))
    strongest: dict[str, Link] = {}
    for link in in_order(links):
        outside = link.node_b if link.node_a in nodes else link.node_a
        strongest.setdefault(owner.get(outside, "?"), link)
    return [Refused(link, other, *contradiction(at, nodes, other)) for other, link in strongest.items()]


def contradiction(at: EntityTables, nodes: frozenset[int], other_id: str) -> tuple[str, str]:
    """What keeps the entity of some nodes and another apart, in Chinese and in English."""
    others = at.of_entity(other_id)
    theirs = frozenset(row["node_id"] for row in others)
    for link in decided_links(at, "cannot-link"):
        if (link.node_a in nodes and link.node_b in theirs) or (link.node_b in nodes and link.node_a in theirs):
            return f"人工裁定不得合并（{link.decision}）", f"a steward decided cannot-link ({link.decision})"
    name = at.spec.matching.decisive
    if name is not None:
        ours = at.rows(
            f"SELECT DISTINCT value FROM {{profile}} WHERE value <> 0 AND node_id IN ({', '.join(map(str, nodes))})"
        )
        mine, other = {row["value"] for row in ours}, {row["value"] for row in others if row["value"]}
        if at.spec.matching.one_per is not None and mine & other:
            return f"两边各有一条同一 {name} 的记录", f"both have a record of one {name}, which has each thing once"
        if at.spec.matching.one_per is None and mine - other and other - mine:
            return "两边各有对方没有的有效号码", f"each has a valid number ({name}) that the other has not"
    between, matching = at.edges_between(nodes, theirs), at.spec.matching
    linked = {_nodes_of(edge) for edge in between if edge["weight"] >= matching.threshold}
    for edge in between[::-1]:
        if edge["weight"] <= matching.against and _nodes_of(edge) not in linked:
            return (
                f"有一对画像明确不符（{edge['weight']:+.1f} 比特）",
                f"a pair of profiles speaks clearly against it ({edge['weight']:+.1f} bits)",
            )
    return "较强的链接已把它归入另一方", "stronger links had joined it to others that contradict"


def _nodes_of(edge: Row) -> frozenset[int]:
    return frozenset((edge["node_a"], edge["node_b"]))
