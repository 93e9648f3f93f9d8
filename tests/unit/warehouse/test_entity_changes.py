"""What a build follows of entity resolution: mentions of feeds that are resolved otherwise, columns that differ."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import yaml
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from expectations.entity_spec import load_entities, load_entity
from spark_jobs.entities.state import create_tables
from spark_jobs.lake.engine.dbt_run import DBT_PROJECT
from spark_jobs.lake.storage import delta_commits
from spark_jobs.lake.storage.delta_commits import Signed
from spark_jobs.lineage.graph import Graph
from spark_jobs.lineage.values import Edge, Node, Way
from spark_jobs.warehouse import entity_changes, standing
from spark_jobs.warehouse.change import Change
from spark_jobs.warehouse.resolved_since import feeds_resolved_otherwise, golden

CASES, PERMITS, MUCK = (
    "government_service/approval_case",
    "public_security/residence_permit",
    "urban_management/muck_truck",
)
RECORDS = {CASES: 1, PERMITS: 2, MUCK: 3}
"""A mention each, of the node of this number."""
Row = dict[str, Any]
Versions = dict[str, int]


def a_mention(feed: str, node: int, row: int = 1) -> Row:
    return {"feed": feed, "role": "who", "_delivery_id": f"d-{feed}", "_row_number": row, "node_id": node}


def a_person(number: int, **said: Any) -> Row:
    return {"person_id": f"P-{number}", "name": "无名氏", "records": 1, "feeds": [CASES], **said}


def write(table: str, rows: Iterable[Row]) -> None:
    schema = pa.schema(delta_commits.opened("entities", table).schema().to_arrow())
    delta_commits.put("entities", table, pa.Table.from_pylist(list(rows), schema), Signed("test"))


def add(table: str, *rows: Row) -> None:
    schema = pa.schema(delta_commits.opened("entities", table).schema().to_arrow())
    delta_commits.add("entities", table, pa.Table.from_pylist(list(rows), schema), Signed("test"))


def members(*ids: int) -> list[Row]:
    return [{"node_id": node, "component": node, "person_id": f"P-{number}"} for node, number in enumerate(ids, 1)]


@pytest.fixture
def before(lake_home: Path) -> Versions:
    """Three persons, each known from a mention of another feed; the versions of all tables."""
    create_tables(load_entity("person"))
    write("person_record", [a_mention(feed, node) for feed, node in RECORDS.items()])
    write("person_member", members(1, 2, 3))
    write("person", [a_person(1), a_person(2), a_person(3)])
    return standing.versions_of("entities")


def changes(before: Versions) -> list[Change]:
    return list(entity_changes.since(before, standing.versions_of("entities")))


def test_where_nothing_was_resolved_otherwise_there_is_nothing_to_follow(before: Versions) -> None:
    write("person_member", members(1, 2, 3)[::-1])
    delta_commits.opened("entities", "person_member").optimize.compact()
    add("person_alias", {"retired_id": "P-9", "surviving_id": "P-1", "revision": 1})
    assert changes(before) == []


def test_new_mentions_are_followed_in_the_models_that_read_their_feed(before: Versions) -> None:
    add("person_record", a_mention(MUCK, 3, row=2))
    assert feeds_resolved_otherwise("person", before) == frozenset({MUCK})
    assert changes(before) == [
        Change(f"entities.person_record of {MUCK}", ("stg_urban_management__muck_truck+",)),
    ]


def test_a_node_that_became_another_person_is_followed_in_every_feed_that_mentions_it(before: Versions) -> None:
    add("person_record", a_mention(CASES, 2, row=2))
    before = standing.versions_of("entities")
    write("person_member", members(1, 1, 3))
    assert feeds_resolved_otherwise("person", before) == frozenset({CASES, PERMITS})
    assert {name for each in changes(before) for name in each.made} == {
        "stg_government_service__approval_case+",
        "stg_public_security__residence_permit+",
        "stg_public_security__residence_permit_history+",
    }


def test_mentions_that_went_are_followed(before: Versions) -> None:
    write("person_record", [a_mention(CASES, 1), a_mention(MUCK, 3)])
    assert feeds_resolved_otherwise("person", before) == frozenset({PERMITS})


def test_a_mention_that_says_something_else_is_followed(before: Versions) -> None:
    write("person_record", [a_mention(CASES, 2), a_mention(PERMITS, 2), a_mention(MUCK, 3)])
    assert feeds_resolved_otherwise("person", before) == frozenset({CASES})


def test_who_reads_no_mention_of_a_feed_is_not_built_for_it(before: Versions) -> None:
    add("person_record", a_mention("nobody/reads", 1))
    assert changes(before) == []


def test_an_entity_that_came_is_followed_by_all_that_read_its_table(before: Versions) -> None:
    write("person", [a_person(1), a_person(2), a_person(3), a_person(4)])
    assert changes(before) == [Change.of_source("entities", "person")]
    write("person", [a_person(1), a_person(2), a_person(5)])
    assert changes(before) == [Change.of_source("entities", "person")]


def test_columns_that_say_something_else_are_followed_by_what_is_made_of_them(
    before: Versions, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each model of a chain, and what only depends on which rows another one has; nothing that reads other columns."""
    source, base, filtered = "entities.person", "base.base_person", "marts.mart_health__coverage"
    edges = {
        Node(base, "record_count"): [Edge(Node(source, "records"), Way.IDENTITY)],
        Node(base, "person_name"): [Edge(Node(source, "name"), Way.IDENTITY)],
        Node(filtered, None): [Edge(Node(base, "record_count"), Way.FILTER)],
        Node(filtered, "insured"): [],
        Node("marts.mart_life__event", "says"): [Edge(Node(base, "person_name"), Way.TRANSFORMATION)],
    }
    monkeypatch.setattr(entity_changes, "lineage", lambda: Graph({key: frozenset(of) for key, of in edges.items()}))
    write("person", [a_person(1), a_person(2, records=2, feeds=[CASES, MUCK]), a_person(3)])
    assert changes(before) == [
        Change("entities.person (feeds, records)", ("base_person", "mart_health__coverage")),
    ]


def test_a_table_of_other_columns_or_of_a_version_that_is_gone_is_followed_whole(before: Versions) -> None:
    write("person_member", members(1, 2, 2))
    for path in (Path(str(delta_commits.opened("entities", "person_member", before["person_member"]).file_uris()[0])),):
        path.unlink()
    assert feeds_resolved_otherwise("person", before) is None
    assert changes(before) == [Change.of_source("entities", "person_member")]


def test_tables_that_a_build_did_not_know_are_followed_whole(before: Versions) -> None:
    known = {name: version for name, version in before.items() if name != "person_member"}
    assert changes(known) == [Change.of_source("entities", "person_member")]


ids = st.lists(st.integers(1, 3), min_size=3, max_size=3)


@hypothesis_settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=ids, then=ids)
def test_a_feed_is_named_exactly_where_its_mention_is_another_person(
    before: Versions, first: list[int], then: list[int]
) -> None:
    write("person_member", members(*first))
    before = standing.versions_of("entities")
    write("person_member", members(*then))
    expected = frozenset(feed for feed, node in RECORDS.items() if first[node - 1] != then[node - 1])
    assert feeds_resolved_otherwise("person", before) == expected


said = st.fixed_dictionaries(
    {"name": st.sampled_from("甲乙"), "records": st.integers(1, 2), "mobile": st.none() | st.just("1")}
)


@hypothesis_settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=st.tuples(said, said), then=st.tuples(said, said))
def test_a_column_is_named_exactly_where_an_entity_says_something_else(
    before: Versions, first: tuple[Row, Row], then: tuple[Row, Row]
) -> None:
    write("person", [a_person(number, **each) for number, each in enumerate(first)])
    version = standing.versions_of("entities")["person"]
    write("person", [a_person(number, **each) for number, each in enumerate(then)])
    found = golden("person", version)
    assert found is not None
    assert not found.rows
    assert found.columns == {name for name in first[0] if [x[name] for x in first] != [x[name] for x in then]}


def test_every_model_that_joins_who_is_who_says_of_which_feed_where_a_build_looks_for_it() -> None:
    for path in DBT_PROJECT.glob("models/**/*.sql"):
        text = path.read_text("utf-8")
        assert len(re.findall("join_entity", text)) == len(entity_changes.JOIN.findall(text)), path.name
        assert not re.findall(r"source\(\s*'entities',\s*'\w+_(?:record|member)'", text), path.name


def test_models_may_read_of_resolution_what_a_build_looks_at() -> None:
    files = DBT_PROJECT.glob("models/staging/entities/source_*.yml")
    documents = [yaml.safe_load(path.read_text("utf-8")) for path in files]
    read = {table["name"] for each in documents for source in each["sources"] for table in source["tables"]}
    assert read == {f"{spec.entity}{suffix}" for spec in load_entities() for suffix in ("", "_record", "_member")}
