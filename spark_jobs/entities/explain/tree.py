"""The links that hold a cluster together: its maximum spanning tree, and the path between two of its members."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Link:
    """A link of two nodes with the strongest pair of profiles that makes it.

    Args:
        node_a: one node.
        node_b: the other.
        weight: bits; infinite for a steward's decision.
        a: profile of the first node.
        b: profile of the other.
        rules: bits of the blocking rules that made the pair.
        vector: its packed levels.
        decision: id of the decision, where it is one.
    """

    node_a: int
    node_b: int
    weight: float
    a: int
    b: int
    rules: int = 0
    vector: int = 0
    decision: str | None = None


def in_order(links: list[Link]) -> list[Link]:
    """Strongest first, ties as clustering breaks them."""
    return sorted(
        links, key=lambda one: (-one.weight, min(one.node_a, one.node_b), max(one.node_a, one.node_b), one.a, one.b)
    )


def spanning_tree(links: list[Link]) -> list[Link]:
    """The links that join groups when links are taken strongest first; of a connected graph, nodes - 1 of them."""
    parent: dict[int, int] = {}

    def root(node: int) -> int:
        parent.setdefault(node, node)
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    taken = []
    for link in in_order(links):
        one, other = root(link.node_a), root(link.node_b)
        if one != other:
            parent[one] = other
            taken.append(link)
    return taken


def path(tree: list[Link], start: int, end: int) -> list[Link] | None:
    """The links of a tree that lead from one node to another, in order; None where none do."""
    around: dict[int, list[Link]] = {}
    for link in tree:
        around.setdefault(link.node_a, []).append(link)
        around.setdefault(link.node_b, []).append(link)
    came: dict[int, Link | None] = {start: None}
    waiting = [start]
    while waiting and end not in came:
        node = waiting.pop()
        for link in around.get(node, []):
            other = link.node_b if link.node_a == node else link.node_a
            if other not in came:
                came[other] = link
                waiting.append(other)
    if end not in came:
        return None
    found: list[Link] = []
    node = end
    while (step := came[node]) is not None:
        found.append(step)
        node = step.node_b if step.node_a == node else step.node_a
    return found[::-1]
