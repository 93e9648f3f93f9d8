"""From published silver to entity tables: bridges of numbers, aliases for retired ids, idle reruns."""

from dataclasses import dataclass
from typing import Any

import pytest

from expectations.entity_spec import load_entity
from spark_jobs.entities import state
from spark_jobs.entities.resolution.outcome import ResolveOutcome
from spark_jobs.entities.resolution.resolve import resolve
from spark_jobs.lake.engine.workbench import Workbench
from tests.spark.silver_rows import delivered, put_silver

FEED, TABLE = "market_regulation/enterprise_registration", "market_regulation__enterprise_registration"
FIRM = load_entity("legal_entity")
OLD = {"registration_number": "421200000000012", "company_name": "咸宁市桂香米业有限公司", "address": "咸安区桂花路8号"}
OTHER = {"uscc": "91421200MAXN002270", "company_name": "赤壁市砖茶厂", "address": "赤壁市茶庵岭镇1号"}
BRIDGE = {"uscc": "91421200MAXN000730", **OLD}
CODE_ONLY = {"uscc": "91421200MAXN000730", "company_name": "咸宁市桂香米业有限公司"}
DELIVERIES = (delivered(1, OLD), delivered(2, CODE_ONLY, OTHER), delivered(3, BRIDGE))


@dataclass(frozen=True)
class Story:
    """A lake that got its deliveries one at a time."""

    outcomes: list[ResolveOutcome]
    before: dict[str, str]
    """Ids by delivery and row, before the bridge."""
    entities: dict[str, str]
    """Ids after it."""
    aliases: list[tuple[str, str]]
    idle: ResolveOutcome


def ids(bench: Workbench) -> dict[str, str]:
    records, members = state.read(bench, FIRM, "_record"), state.read(bench, FIRM, "_member")
    rows = records.where("role = 'enterprise'").join(members, "node_id").collect()
    return {f"{row['_delivery_id']}.{row['_row_number']}": row["legal_entity_id"] for row in rows}


def deliver(bench: Workbench, *deliveries: list[dict[str, Any]]) -> dict[str, int]:
    return {TABLE: put_silver(FEED, [row for delivery in deliveries for row in delivery])}


@pytest.fixture(scope="module")
def story(bench: Workbench) -> Story:
    outcomes = [resolve(bench, "legal_entity", deliver(bench, *DELIVERIES[:count])) for count in (1, 2)]
    before = ids(bench)
    outcomes.append(resolve(bench, "legal_entity", deliver(bench, *DELIVERIES)))
    found = ids(bench)
    aliases = [(row[0], row[1]) for row in state.read(bench, FIRM, "_alias").collect()]
    idle = resolve(bench, "legal_entity", deliver(bench, *DELIVERIES))
    return Story(outcomes, before, found, aliases, idle)


def test_a_number_that_bridges_two_registers_makes_one_firm(story: Story) -> None:
    assert story.before["d1.1"] != story.before["d2.1"]
    assert story.entities["d1.1"] == story.entities["d2.1"] == story.entities["d3.1"]
    assert story.entities["d2.2"] != story.entities["d1.1"]


def test_a_retired_id_leads_to_the_one_that_lives_on(story: Story) -> None:
    ((retired, surviving),) = story.aliases
    assert {retired, surviving} == {story.before["d1.1"], story.before["d2.1"]}
    assert surviving == story.entities["d3.1"]
    assert retired not in story.entities.values()


def test_events_say_what_happened(story: Story) -> None:
    assert [outcome.events.get("created", 0) for outcome in story.outcomes] == [1, 2, 0]
    assert [outcome.events.get("merged", 0) for outcome in story.outcomes] == [0, 0, 1]
    assert [outcome.entities for outcome in story.outcomes] == [1, 3, 2]


def test_an_idle_rerun_writes_nothing(story: Story) -> None:
    assert not story.idle.changed
    assert story.idle.revision == 3
