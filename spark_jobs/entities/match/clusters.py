"""Clusters: from linked pairs to groups of nodes, on the driver, deterministic whatever the order of the input.

Plain components over-link: one wrong link joins two persons. So a component that holds evidence against itself (two
valid numbers, two entries of a catalogue that lists each thing once, a pair that speaks clearly against) is built again
link by link, the strongest first, and a link that would join contradicting groups is refused.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

Ids = npt.NDArray[np.int64]
Weights = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Links:
    """Pairs of nodes with the weight of each.

    Args:
        a: node of one side, n.
        b: node of the other side, n.
        weight: bits, n.
    """

    a: Ids
    b: Ids
    weight: Weights

    def where(self, condition: npt.NDArray[np.bool_] | Ids) -> "Links":
        """Those that a condition or positions pick."""
        return Links(self.a[condition], self.b[condition], self.weight[condition])


@dataclass(frozen=True)
class Grouping:
    """What became of the nodes that have a link.

    Args:
        node: every such node, sorted.
        component: the least node of its component, before splitting.
        cluster: the least node of its cluster.
        refused: links that were not used, as evidence spoke against them.
    """

    node: Ids
    component: Ids
    cluster: Ids
    refused: int = 0


@dataclass(slots=True)
class _Group:
    """A cluster while it grows: its members, its values and whom it may not join."""

    members: list[int]
    values: set[int]
    each_once: bool = False
    against: dict[int, float] = field(default_factory=dict)

    def contradicts(self, other: "_Group") -> bool:
        """Each has a value that the other lacks; or both have one of which an entity has each once."""
        if self.each_once:
            return bool(self.values & other.values)
        return bool(self.values - other.values and other.values - self.values)

    def refuse(self, node: int, weight: float) -> None:
        """Note evidence against a node; of several the strongest counts."""
        self.against[node] = min(weight, self.against.get(node, 0.0))


def distinct(ids: Ids) -> Ids:
    """Each id once, sorted: by sorting, where `np.unique` hashes, which takes ten times as long for millions."""
    ordered = np.sort(ids)
    is_first = np.ones(len(ordered), dtype=bool)
    is_first[1:] = ordered[1:] != ordered[:-1]
    return np.asarray(ordered[is_first])


def components(a: Ids, b: Ids, size: int) -> Ids:
    """For nodes 0 … size-1 the least node of the component that each is in."""
    graph = coo_array((np.ones(len(a), dtype=np.int8), (a, b)), shape=(size, size))
    _, label = connected_components(graph, directed=False)
    least = np.full(int(label.max(initial=-1)) + 1, size, dtype=np.int64)
    np.minimum.at(least, label, np.arange(size, dtype=np.int64))
    return np.asarray(least[label])


def cluster(links: Links, against: Links, node: Ids, value: Ids, each_once: bool = False) -> Grouping:
    """Group nodes by their links.

    Args:
        links: pairs at or above the threshold; an infinite weight is a steward's must-link, which is never refused.
        against: pairs that speak against a link, a steward's cannot-links among them.
        node: nodes that have a value of which an entity has one only, sorted.
        value: those values, 0 for none.
        each_once: an entity may have several values instead, but each on one node only.
    """
    nodes = distinct(np.concatenate([links.a, links.b]))
    a, b = np.searchsorted(nodes, links.a), np.searchsorted(nodes, links.b)
    placed, component = Links(a, b, links.weight), components(a, b, len(nodes))
    values = values_of(nodes, node, value)
    apart = _apart_within(nodes, component, placed, against)
    with_two = _components_with_two_values(component, values, each_once)
    contradicted = _marked(len(nodes), np.concatenate([component[apart.a], with_two]))[component]
    groups = {int(n): _Group([int(n)], {int(values[n])} - {0}, each_once) for n in np.flatnonzero(contradicted)}
    cluster_of, refused = _rebuilt(component, placed.where(contradicted[a]), apart, groups)
    return Grouping(nodes, nodes[component], nodes[cluster_of], refused)


def _apart_within(nodes: Ids, component: Ids, links: Links, against: Links) -> Links:
    """Evidence against pairs of one component that nothing links, by places in `nodes`."""
    a, b = np.searchsorted(nodes, against.a), np.searchsorted(nodes, against.b)
    known = _is_in(nodes, against.a, a) & _is_in(nodes, against.b, b)
    apart = Links(a[known], b[known], against.weight[known])
    apart = apart.where(component[apart.a] == component[apart.b])
    doubtful = _marked(len(nodes), component[apart.a])
    return _without_linked(apart, links.where(doubtful[component[links.a]]), len(nodes))


def without_rivals(links: Links, value_a: Ids, value_b: Ids) -> npt.NDArray[np.bool_]:
    """Which links stand where an entity has each value once: of rivals for one place the strongest.

    Args:
        links: pairs of nodes.
        value_a: value of each link's first node, 0 for none.
        value_b: value of each link's second node.
    """
    stand = np.zeros(len(links.a), dtype=bool)
    taken: set[tuple[int, int]] = set()
    order = _by_strength(links)
    sides = (column[order].tolist() for column in (links.a, links.b, value_a, value_b))
    for place, a, b, of_a, of_b in zip(order.tolist(), *sides, strict=True):
        wanted = {(one, value) for one, value in ((a, of_b), (b, of_a)) if value}
        if not wanted & taken:
            taken |= wanted
            stand[place] = True
    return stand


def _by_strength(links: Links) -> Ids:
    """Places from the strongest link down; the ids decide ties, so that the order of the input does not."""
    return np.lexsort((np.maximum(links.a, links.b), np.minimum(links.a, links.b), -links.weight))


def _marked(size: int, at: Ids) -> npt.NDArray[np.bool_]:
    found = np.zeros(size, dtype=bool)
    found[at] = True
    return found


def _without_linked(apart: Links, links: Links, size: int) -> Links:
    """Evidence against pairs that nothing links: what one profile of a node says outweighs what another leaves out."""
    of_apart, of_links = (np.minimum(p.a, p.b) * size + np.maximum(p.a, p.b) for p in (apart, links))
    return apart.where(np.isinf(apart.weight) | ~np.isin(of_apart, of_links))


def values_of(nodes: Ids, node: Ids, value: Ids) -> Ids:
    """The value of each of `nodes`, 0 where there is none."""
    if not len(node):
        return np.zeros(len(nodes), dtype=np.int64)
    at = np.searchsorted(node, nodes)
    return np.where(_is_in(node, nodes, at), value[np.minimum(at, len(node) - 1)], 0)


def _is_in(haystack: Ids, needles: Ids, at: Ids) -> npt.NDArray[np.bool_]:
    if not len(haystack):
        return np.zeros(len(needles), dtype=bool)
    return np.asarray(haystack[np.minimum(at, len(haystack) - 1)] == needles)


def _components_with_two_values(component: Ids, values: Ids, each_once: bool) -> Ids:
    """Those with two values; with a value on two nodes, where each may occur once."""
    has = values != 0
    pairs, times = np.unique(np.stack([component[has], values[has]], axis=1), axis=0, return_counts=True)
    if each_once:
        return np.unique(pairs[times > 1, 0])
    found, count = np.unique(pairs[:, 0], return_counts=True)
    return np.asarray(found[count > 1])


def _rebuilt(component: Ids, links: Links, against: Links, groups: dict[int, _Group]) -> tuple[Ids, int]:
    """The least node of each node's cluster, contradicted components split; and the links that were refused.

    Args:
        component: of each node.
        links: those of contradicted components.
        against: evidence against links.
        groups: each node of a contradicted component, alone.
    """
    cluster_of = component.copy()
    group_of = {n: n for n in groups}
    for one, other, weight in _rows(against):
        groups[one].refuse(other, weight)
        groups[other].refuse(one, weight)
    refused = sum(not _join(groups, group_of, *link) for link in _rows(links.where(_by_strength(links))))
    for group in groups.values():
        cluster_of[group.members] = min(group.members)
    return cluster_of, refused


def _rows(links: Links) -> Iterator[tuple[int, int, float]]:
    return zip(links.a.tolist(), links.b.tolist(), links.weight.tolist(), strict=True)


def _join(groups: dict[int, _Group], group_of: dict[int, int], one: int, other: int, weight: float) -> bool:
    """Join the groups of two linked nodes unless stronger evidence speaks against it; the smaller one moves."""
    into, out = group_of[one], group_of[other]
    if into == out:
        return True
    if len(groups[into].members) < len(groups[out].members):
        into, out = out, into
    if not np.isinf(weight) and _contradict(groups[into], groups[out], group_of, weight):
        return False
    moved = groups.pop(out)
    for n in moved.members:
        group_of[n] = into
    groups[into].members += moved.members
    groups[into].values |= moved.values
    for node, against in moved.against.items():
        groups[into].refuse(node, against)
    return True


def _contradict(into: _Group, out: _Group, group_of: dict[int, int], weight: float) -> bool:
    """Their values contradict, or two of their members speak against a link by more than it weighs."""
    if into.contradicts(out):
        return True
    few, many = (into, out) if len(into.against) <= len(out.against) else (out, into)
    if not few.against:
        return False
    of_many = group_of[many.members[0]]
    return any(weight + against < 0 and group_of.get(node) == of_many for node, against in few.against.items())
