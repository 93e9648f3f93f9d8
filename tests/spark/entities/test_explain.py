"""Questions about entities and acts upon them, on a small generated city: why, how, why-not, entity, decide, erase."""

from collections.abc import Iterator

import pytest
from typer.testing import CliRunner

from expectations.entity_spec import load_entity
from spark_jobs.base.errors import LakeError
from spark_jobs.cli import app
from spark_jobs.entities.explain import apart, cluster, compared, evidence, history, lookup, pair, side
from spark_jobs.entities.explain import review as queue
from spark_jobs.entities.explain.chain import verify_chain
from spark_jobs.entities.explain.lookup import EntityTables, Row
from spark_jobs.entities.match.model import load_model, shipped_path
from spark_jobs.lake.engine.workbench import Workbench
from tests.spark.entities.deliveries import Mentions

MODEL = load_model(shipped_path("person"))
SPEC = load_entity("person").model_copy(update={"entity": "explained"})


@pytest.fixture(scope="module")
def mentions(bench: Workbench, tmp_path_factory: pytest.TempPathFactory) -> Mentions:
    found = Mentions(bench, tmp_path_factory.mktemp("explained"), 600, 11)
    found.resolve(SPEC, found.deliveries[::2])
    found.resolve(SPEC, found.deliveries)
    return found


@pytest.fixture
def at(mentions: Mentions) -> Iterator[EntityTables]:
    assert mentions
    with lookup.opened(SPEC) as tables:
        yield tables


@pytest.fixture
def compare(bench: Workbench) -> pair.Compare:
    return lambda a, b: compared.compare(bench.spark, SPEC, MODEL, a, b)


def linked(at: EntityTables) -> Row:
    """A stored pair that is a link."""
    return at.edges(f"weight >= {SPEC.matching.threshold}")[0]


def largest(at: EntityTables) -> list[str]:
    rows = at.rows(f"SELECT {SPEC.id_column} AS id FROM {{}} ORDER BY profiles DESC, id")
    return [row["id"] for row in rows]


def test_a_name_with_a_quotation_mark_is_only_unknown(at: EntityTables) -> None:
    with pytest.raises(LakeError, match="no profile"):
        side.side(at, "o'brien/feed:' OR true --:1")


NAMES_COMPARED = [
    ("上官玲", "上玲", "one character differs"),
    ("欧阳红云", "欧红云", "one character differs"),
    ("歐陽红云", "欧阳丽", "the same surname only"),
    ("安娜·琼斯", "安娜琼斯", "homophones"),
    ("王玲", "李玲", "the same given name only"),
    ("王玲", "王芳", "the same surname only"),
    ("王伟厚", "王伟晨", "one character differs"),
    ("王光道", "王依怡", ""),
    ("王玲", "李芳", ""),
]
"""Two names, and how they agree; nothing where they do not."""


@pytest.mark.parametrize(("one", "other", "label"), NAMES_COMPARED)
def test_how_two_names_agree(compare: pair.Compare, one: str, other: str, label: str) -> None:
    unknown = {attribute.name: None for attribute in SPEC.attributes}
    a, b = ({**unknown, "profile_id": number, "name": name} for number, name in enumerate((one, other)))
    line = next(line for line in compare(a, b).evidence.lines if line.comparison == "name")
    assert (line.label_en if line.level else "") == label


def test_the_evidence_of_a_stored_pair_adds_up(at: EntityTables, compare: pair.Compare) -> None:
    edges = at.edges("true")
    assert len(edges) > 100
    for edge in edges[::10]:
        stored, changed = pair.weighed(at, MODEL, edge)
        assert stored.weight == pytest.approx(edge["weight"], abs=1e-3)
        assert not changed


def test_comparing_now_gives_what_is_stored(at: EntityTables, compare: pair.Compare) -> None:
    edges = at.edges("true")
    for edge in (edges[0], edges[len(edges) // 2], edges[-1]):
        sides = [at.profiles("profile_id = $id", id=edge[end])[0] for end in ("a", "b")]
        now = compare(*sides).evidence
        assert [line.level for line in now.lines] == evidence.levels_of(edge["vector"], SPEC)
        assert now.weight == pytest.approx(edge["weight"], abs=1e-3)


def test_why_names_the_rules_and_the_levels(at: EntityTables, compare: pair.Compare) -> None:
    edge = linked(at)
    found = pair.why(at, MODEL, side.side(at, str(edge["a"])), side.side(at, str(edge["b"])), compare)
    assert found.is_stored
    assert found.rules == pair.rule_names(edge["rules"], SPEC)
    assert found.evidence is not None
    assert found.evidence.weight == pytest.approx(edge["weight"], abs=1e-3)


def test_a_record_leads_to_its_entity(at: EntityTables) -> None:
    row = at.rows("SELECT * FROM {record} LIMIT 1")[0]
    name = f"{row['feed']}:{row['_delivery_id']}:{row['_row_number']}:{row['role']}"
    assert side.side(at, name).oldest == row["profile_id"]


def test_how_builds_the_whole_cluster(at: EntityTables) -> None:
    built = [cluster.how(at, entity_id) for entity_id in largest(at)[:5]]
    assert all(len(found.groups) > 1 for found in built)
    for found in built:
        assert len(found.tree) == len(found.groups) - 1
        weights = [link.weight for link in found.tree]
        assert weights == sorted(weights, reverse=True)


def test_why_not_says_that_strangers_never_met(at: EntityTables, compare: pair.Compare) -> None:
    first, *others = largest(at)
    nodes = side.side(at, first).nodes
    pairs = [{edge["node_a"], edge["node_b"]} for edge in at.edges("true")]
    met = {node for both in pairs if nodes & both for node in both}
    stranger = next(side.side(at, other) for other in others if not side.side(at, other).nodes & met)
    found = apart.why_not(at, MODEL, side.side(at, first), stranger, compare)
    assert found.cause == "not_a_candidate"
    assert found.rules
    assert all(rule.state != "shared" for rule in found.rules)
    assert found.evidence is not None
    assert found.evidence.weight < SPEC.matching.threshold


def test_why_not_says_what_spoke_against_a_pair_that_met(at: EntityTables, compare: pair.Compare) -> None:
    below = at.edges(f"weight < {SPEC.matching.threshold}")
    entity_of = {node: other for other in largest(at) for node in side.side(at, other).nodes}
    edge = next(edge for edge in below if entity_of[edge["node_a"]] != entity_of[edge["node_b"]])
    one, other = (side.side(at, str(edge[end])) for end in ("a", "b"))
    found = apart.why_not(at, MODEL, one, other, compare)
    assert found.cause == "below"
    assert found.evidence is not None
    assert found.evidence.weight == pytest.approx(edge["weight"], abs=1e-3)


def test_why_not_of_one_entity_says_that_it_is_one(at: EntityTables, compare: pair.Compare) -> None:
    first = largest(at)[0]
    assert apart.why_not(at, MODEL, side.side(at, first), side.side(at, first), compare).cause == "same"


def test_an_entity_has_its_history_and_its_past(at: EntityTables) -> None:
    first = largest(at)[0]
    found = history.entity(at, first)
    assert found.golden is not None
    assert sum(found.records.values()) == found.golden["records"]
    begin = found.events[0]["at"]
    past = history.entity(at, first, begin)
    assert past.then is not None
    assert set(past.then.profiles) == set(found.events[0]["profiles"])


def test_a_retired_id_leads_to_the_one_that_stands_for_it(at: EntityTables) -> None:
    retired = at.rows("SELECT retired_id, surviving_id FROM {alias} ORDER BY retired_id LIMIT 1")[0]
    assert retired["retired_id"] != retired["surviving_id"]
    found = side.side(at, retired["retired_id"])
    assert (found.entity_id, found.alias_of) == (retired["surviving_id"], retired["retired_id"])
    assert history.entity(at, retired["retired_id"]).entity_id == retired["surviving_id"]


def test_the_review_queue_holds_the_uncertain_band(at: EntityTables) -> None:
    found = queue.review(at, 5)
    assert found
    assert all(SPEC.matching.review <= row["weight"] < SPEC.matching.threshold for row in found)
    assert all(row["entity_a"] != row["entity_b"] for row in found)


def test_commands_show_no_value_unless_asked(at: EntityTables, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(side, "load_entities", lambda: (SPEC,))
    monkeypatch.setattr("spark_jobs.entities.match.model.approved_model", lambda _: MODEL)
    first = largest(at)[0]
    names = [str(row["name"]) for row in at.of_entity(first) if row["name"]]
    runner = CliRunner()
    for command in (["entity", first], ["how", first], ["why", first, first]):
        shown = runner.invoke(app, command)
        assert shown.exit_code == 0, shown.output
        assert not any(name in shown.output for name in names)
    assert names[0] in runner.invoke(app, ["entity", first, "--show-values"]).output


def test_the_chain_of_events_holds(at: EntityTables) -> None:
    assert {row["revision"] for row in at.rows("SELECT DISTINCT revision FROM {event}")} == {1, 2}
    assert verify_chain(SPEC) == []
