"""Clusters: plain components against SciPy's own, and what evidence does to them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from spark_jobs.entities.match.clusters import Grouping, Ids, Links, cluster, without_rivals

NONE = Links(np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0))
NO_VALUES = np.zeros(0, np.int64)


def links(pairs: list[tuple[int, int]], weights: list[float] | None = None) -> Links:
    sides = np.array(pairs, np.int64).reshape(-1, 2)
    return Links(sides[:, 0], sides[:, 1], np.array([1.0] * len(pairs) if weights is None else weights))


def graph(kind: str, size: int, random: np.random.Generator) -> list[tuple[int, int]]:
    """Edges between nodes with ids as profiles have them: any 64 bits."""
    ids = random.choice(np.arange(-(10**6), 10**6), size=size, replace=False) * 9_007_199_254
    ends = {
        "chain": [(n, n + 1) for n in range(size - 1)],
        "star": [(0, n) for n in range(1, size)],
        "cycle": [(n, (n + 1) % size) for n in range(size)] if size > 2 else [(0, 1)],
        "random": [tuple(random.choice(size, 2, replace=False)) for _ in range(size)],
    }[kind]
    return [(int(ids[a]), int(ids[b])) for a, b in ends]


def by_scipy(found: Links) -> tuple[Ids, Ids]:
    nodes, ends = np.unique(np.concatenate([found.a, found.b]), return_inverse=True)
    a, b = ends.reshape(2, -1)
    shape = (len(nodes), len(nodes))
    label = connected_components(coo_array((np.ones(len(a)), (a, b)), shape=shape), directed=False)[1]
    return nodes, np.array([nodes[label == one].min() for one in label])


@pytest.mark.parametrize("kind", ["random", "chain", "star", "cycle"])
def test_components_are_scipys(kind: str) -> None:
    for seed in range(125):
        random = np.random.default_rng(seed)
        made = links(graph(kind, int(random.integers(2, 60)), random))
        nodes, least = by_scipy(made)
        found = cluster(made, NONE, NO_VALUES, NO_VALUES)
        assert found.node.tolist() == nodes.tolist()
        assert found.component.tolist() == found.cluster.tolist() == least.tolist()
        assert found.refused == 0


EDGES = st.lists(
    st.tuples(st.integers(0, 11), st.integers(0, 11), st.integers(0, 4)).filter(lambda e: e[0] != e[1]),
    min_size=1,
    max_size=30,
    unique_by=lambda e: frozenset(e[:2]),
)


@settings(max_examples=300, deadline=None)
@given(edges=EDGES, against=EDGES, values=st.lists(st.integers(0, 3), min_size=12, max_size=12), data=st.data())
def test_clusters_do_not_depend_on_the_order_of_links(
    edges: list[tuple[int, int, int]],
    against: list[tuple[int, int, int]],
    values: list[int],
    data: st.DataObject,
) -> None:
    node, value = np.arange(12), np.array(values, np.int64)
    first = _grouped(edges, against, node, value)
    shuffled = [(b, a, w) if data.draw(st.booleans()) else (a, b, w) for a, b, w in data.draw(st.permutations(edges))]
    again = _grouped(shuffled, data.draw(st.permutations(against)), node, value)
    assert first.node.tolist() == again.node.tolist()
    assert first.cluster.tolist() == again.cluster.tolist()
    assert first.refused == again.refused


@settings(max_examples=200, deadline=None)
@given(edges=EDGES, against=EDGES, weight=st.sampled_from([-np.inf, -5.0]))
def test_clusters_part_components_and_keep_apart_what_speaks_against_a_link(
    edges: list[tuple[int, int, int]], against: list[tuple[int, int, int]], weight: float
) -> None:
    """Evidence that outweighs every link keeps apart whom nothing links; a steward's cannot-link, linked ones too."""
    found = _grouped(edges, against, np.arange(0), np.arange(0), weight)
    linked = {frozenset(edge[:2]) for edge in edges} if np.isfinite(weight) else set()
    of = dict(zip(found.node.tolist(), zip(found.component.tolist(), found.cluster.tolist(), strict=True), strict=True))
    component_of_cluster = {(c, k) for k, c in of.values()}
    assert len(component_of_cluster) == len({c for _, c in of.values()})
    for a, b, _ in against:
        if a in of and b in of and frozenset((a, b)) not in linked:
            assert of[a][1] != of[b][1]


def _grouped(
    edges: list[tuple[int, int, int]],
    against: list[tuple[int, int, int]],
    node: Ids,
    value: Ids,
    weight: float | None = None,
) -> Grouping:
    """Evidence against a link weighs as generated, from -1 to -5, or all of it the same."""
    pairs, weights = [e[:2] for e in edges], [float(e[2]) for e in edges]
    speaking = [-1.0 - e[2] if weight is None else weight for e in against]
    return cluster(links(pairs, weights), links([e[:2] for e in against], speaking), node, value)


def test_two_values_of_one_entity_part_a_chain_at_its_weakest_link() -> None:
    found = cluster(links([(1, 2), (2, 3), (3, 4)], [9, 3, 9]), NONE, np.array([1, 4]), np.array([77, 88]))
    assert found.cluster.tolist() == [1, 1, 3, 3]
    assert found.component.tolist() == [1, 1, 1, 1]
    assert found.refused == 1


def test_two_records_of_a_catalogue_that_lists_each_thing_once_are_two_things() -> None:
    catalogue = np.array([77, 77, 88, 88])
    pairs = links([(1, 3), (2, 3), (2, 4)], [9, 12, 3])
    found = cluster(pairs, NONE, np.array([1, 2, 3, 4]), catalogue, each_once=True)
    assert found.cluster.tolist() == [1, 2, 2, 4]
    assert found.refused == 2


def test_of_rivals_for_one_place_the_strongest_stands() -> None:
    pairs, first, second = links([(1, 3), (2, 3), (2, 4), (1, 4)], [9, 12, 3, 1]), [77] * 4, [88] * 4
    assert without_rivals(pairs, np.array(first), np.array(second)).tolist() == [False, True, False, True]


def test_records_of_several_catalogues_are_one_thing() -> None:
    found = cluster(links([(1, 2), (2, 3)], [9, 9]), NONE, np.array([1, 2, 3]), np.array([5, 6, 7]), each_once=True)
    assert found.cluster.tolist() == [1, 1, 1]


def test_a_must_link_is_never_refused() -> None:
    found = cluster(links([(1, 2)], [np.inf]), links([(1, 2)], [-np.inf]), np.array([1, 2]), np.array([77, 88]))
    assert found.cluster.tolist() == [1, 1]


def test_a_cannot_link_keeps_two_apart_that_others_join() -> None:
    found = cluster(links([(1, 2), (2, 3)], [5, 4]), links([(1, 3)], [-np.inf]), NO_VALUES, NO_VALUES)
    assert found.cluster.tolist() == [1, 1, 3]
    assert found.refused == 1


def test_the_stronger_evidence_decides_between_two_groups() -> None:
    chain = links([(1, 2), (2, 3)], [15, 12])
    weaker, stronger = (cluster(chain, links([(1, 3)], [w]), NO_VALUES, NO_VALUES) for w in (-11, -13))
    assert weaker.cluster.tolist() == [1, 1, 1]
    assert stronger.cluster.tolist() == [1, 1, 3]


def test_what_one_profile_of_a_node_leaves_out_does_not_undo_what_another_says() -> None:
    found = cluster(links([(1, 2)], [7]), links([(2, 1)], [-12]), NO_VALUES, NO_VALUES)
    assert found.cluster.tolist() == [1, 1]


def test_no_links_make_no_clusters() -> None:
    found = cluster(NONE, links([(1, 2)], [-20]), np.array([1]), np.array([7]))
    assert len(found.node) == 0
