"""The pure parts of explanations: evidence from vectors, spanning trees, replay, the chain of events."""

import hashlib
import math
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest
from scipy.sparse import coo_array
from scipy.sparse.csgraph import minimum_spanning_tree

from expectations.entity_spec import load_entity
from spark_jobs.entities.explain import evidence, history, tree
from spark_jobs.entities.explain.chain import chain_problems
from spark_jobs.entities.match.model import LevelShares, load_model, shipped_path
from spark_jobs.entities.match.packing import LEVEL_BITS

PERSON = load_entity("person")
MODEL = load_model(shipped_path("person"))


def packed(levels: list[int]) -> int:
    return sum((level + 1) << (LEVEL_BITS * n) for n, level in enumerate(levels))


def test_levels_are_read_back_from_a_vector() -> None:
    levels = [3, -1, 0, 1, 5, 1, 2]
    assert evidence.levels_of(packed(levels), PERSON) == levels


def test_the_strongest_level_has_the_first_label_and_the_highest_weight() -> None:
    top = [0 if c.weights else len(c.levels) for c in PERSON.matching.comparisons]
    found = evidence.explain(top, PERSON, MODEL)
    assert [line.label_en for line in found.lines][:2] == ["the same number", "the same"]
    assert found.weight == pytest.approx(MODEL.prior + sum(line.weight for line in found.lines), abs=1e-4)
    assert evidence.verdict(found.weight)[1] == "practically certain: the same"


def test_what_only_takes_back_says_nothing_where_it_is_not_the_case() -> None:
    *_, family = evidence.explain([0] * len(PERSON.matching.comparisons), PERSON, MODEL).lines
    assert (family.comparison, family.weight, family.label_en) == ("family", 0, "not the case")


def test_nothing_to_compare_weighs_nothing() -> None:
    found = evidence.explain([-1] * len(PERSON.matching.comparisons), PERSON, MODEL)
    assert found.weight == pytest.approx(MODEL.prior, abs=1e-4)


def test_what_a_group_shares_has_a_line_of_its_own() -> None:
    shares = {
        name: LevelShares(m=each.m, u=each.u, r=each.m if name == "name" else each.u)
        for name, each in MODEL.comparisons.items()
    }
    model = MODEL.model_copy(update={"related": -3.0, "comparisons": shares})
    # Only the name agrees, and all of a group have it.
    levels = [-1, len(PERSON.matching.comparisons[1].levels), 0, -1, -1, -1, -1]
    found = evidence.explain(levels, PERSON, model, shares={"written": -15.0})
    without = evidence.explain(levels, PERSON, MODEL, shares={"written": -15.0})
    assert found.lines[:-1] == without.lines
    assert found.lines[-1].label_en == "records of one group agree so too"
    assert found.weight < min(without.weight, -3)
    stored = evidence.explain(levels, PERSON, model, total=found.weight)
    assert stored.weight == found.weight


def test_a_rare_name_takes_the_rest_of_the_stored_weight() -> None:
    levels = [-1, len(PERSON.matching.comparisons[1].levels), -1, -1, -1, -1, -1]
    floor = MODEL.frequencies["written"].floor
    expected = math.log2(MODEL.comparisons["name"].m[levels[1]]) - floor
    found = evidence.explain(levels, PERSON, MODEL, total=MODEL.prior + expected)
    assert found.lines[1].by_value
    assert found.lines[1].weight == pytest.approx(expected, abs=1e-4)
    computed = evidence.explain(levels, PERSON, MODEL, shares={"written": floor})
    assert computed.weight == pytest.approx(found.weight, abs=1e-4)


@pytest.mark.parametrize(
    ("weight", "english"),
    [
        pytest.param(12.0, "practically certain: the same", id="certain"),
        pytest.param(0.0, "rather the same than not", id="even odds"),
        pytest.param(-0.1, "rather not the same", id="just below"),
        pytest.param(-50.0, "practically certain: not the same", id="certainly not"),
    ],
)
def test_a_weight_is_said_in_words(weight: float, english: str) -> None:
    assert evidence.verdict(weight)[1] == english


def test_odds_read_both_ways() -> None:
    assert (evidence.odds(10), evidence.odds(-10), evidence.odds(1)) == ("1,024 : 1", "1 : 1,024", "2.0 : 1")
    assert evidence.probability(0) == 0.5
    assert evidence.probability(-math.inf) == 0.0


@pytest.mark.parametrize("seed", range(20))
def test_the_spanning_tree_weighs_as_much_as_scipys(seed: int) -> None:
    generator = np.random.default_rng(seed)
    nodes = 12
    links = [
        tree.Link(a, b, float(generator.integers(1, 100)), a, b)
        for a in range(nodes)
        for b in range(a + 1, nodes)
        if generator.random() < 0.4
    ]
    found = tree.spanning_tree(links)
    matrix = coo_array(
        ([-link.weight for link in links], ([link.a for link in links], [link.b for link in links])), (nodes, nodes)
    )
    assert sum(link.weight for link in found) == -minimum_spanning_tree(matrix).sum()


def test_a_path_leads_through_the_tree() -> None:
    links = [tree.Link(1, 2, 9, 1, 2), tree.Link(2, 3, 8, 2, 3), tree.Link(1, 3, 1, 1, 3), tree.Link(4, 5, 3, 4, 5)]
    spanning = tree.spanning_tree(links)
    assert [(link.a, link.b) for link in tree.path(spanning, 1, 3) or []] == [(1, 2), (2, 3)]
    assert tree.path(spanning, 1, 5) is None
    assert tree.path(spanning, 2, 2) == []


def test_the_order_of_links_does_not_matter() -> None:
    links = [tree.Link(a, b, 5.0, a, b) for a, b in ((1, 2), (2, 3), (1, 3))]
    assert tree.spanning_tree(links) == tree.spanning_tree(links[::-1])


EVENTS = [
    {"at": datetime(2026, 1, 1, tzinfo=UTC), "event": "created", "profiles": [1, 2], "other_id": None},
    {"at": datetime(2026, 1, 5, tzinfo=UTC), "event": "changed", "profiles": [1, 2, 3, None], "other_id": None},
    {"at": datetime(2026, 1, 9, tzinfo=UTC), "event": "merged", "profiles": [], "other_id": "P-2"},
]


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        pytest.param("2025-12-31", history.Then(None, (), None), id="before"),
        pytest.param("2026-01-01", history.Then("created", (1, 2), None), id="the day it was created"),
        pytest.param("2026-01-06", history.Then("changed", (1, 2, 3), None), id="an erased profile is left out"),
        pytest.param("2026-02-01", history.Then("merged", (), "P-2"), id="after the merge"),
    ],
)
def test_the_last_event_up_to_a_moment_gives_the_state(day: str, expected: history.Then) -> None:

    assert history.replay(EVENTS, datetime.fromisoformat(f"{day}T23:00:00+00:00")) == expected


def chain_of(events: dict[int, list[str]], revisions: int) -> list[dict[str, Any]]:
    rows, previous = [], ""
    for revision in range(1, revisions + 1):
        digest = hashlib.sha256("".join([previous, *events.get(revision, [])]).encode()).hexdigest()
        rows.append({"revision": revision, "previous_digest": previous, "digest": digest})
        previous = digest
    return rows


def test_a_whole_chain_has_no_problem() -> None:
    events = {1: ["aa", "bb"], 3: ["cc"]}
    assert list(chain_problems(chain_of(events, 3), events, 3)) == []


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        pytest.param({1: ["aa"], 3: ["cc"]}, "events of resolution 1 were removed", id="an event removed"),
        pytest.param({1: ["cc"], 3: ["aa", "bb"]}, "events of resolution 1 were removed", id="events exchanged"),
        pytest.param({1: ["aa", "bb"], 3: ["cc"], 9: ["dd"]}, "which is not in the log", id="events of no resolution"),
    ],
)
def test_a_touched_chain_is_found_out(change: dict[int, list[str]], problem: str) -> None:
    rows = chain_of({1: ["aa", "bb"], 3: ["cc"]}, 3)
    assert any(problem in found for found in chain_problems(rows, change, 3))


def test_a_removed_or_exchanged_resolution_is_found_out() -> None:
    events = {1: ["aa"], 2: ["bb"], 3: ["cc"]}
    rows = chain_of(events, 3)
    assert list(chain_problems([rows[0], rows[2]], events, 3)) == ["resolution 2 is missing from the log"]
    assert any("ends at resolution 2" in found for found in chain_problems(rows[:2], events, 3))
    forged = [*rows[:1], {**rows[1], "previous_digest": "f" * 64}, rows[2]]
    assert any("does not follow" in found for found in chain_problems(forged, events, 3))
