"""The tables of a resolution: the same ids however deliveries are batched, aliases for retired ids, idle reruns."""

from dataclasses import dataclass
from typing import Any

import pytest
from pyspark.sql import DataFrame, SparkSession

from expectations.entity_spec import load_entity
from spark_jobs.entities.resolve import ResolveOutcome, resolve, resolved_records
from spark_jobs.lake import table_log, tables
from tests.spark.silver_rows import delivered, write_silver

FEED = "market_regulation/enterprise_registration"
TABLE = "market_regulation__enterprise_registration"
TABLES = ("legal_entity", "legal_entity_record", "legal_entity_alias", "legal_entity_event")
DELIVERIES = (
    delivered(1, {"registration_number": "421200000000017", "company_name": "甲"}),
    delivered(
        2,
        {"uscc": "91421200MA1234567X", "company_name": "甲公司"},
        {"uscc": "91421200MA7654321X", "company_name": "乙"},
    ),
    delivered(3, {"uscc": "91421200MA1234567X", "registration_number": "421200000000017", "company_name": "甲公司"}),
)


@dataclass(frozen=True)
class Story:
    """What two lakes came to: one that got the deliveries one at a time, one that got all at once."""

    at_once: dict[tuple[str, int], str]
    one_at_a_time: dict[tuple[str, int], str]
    last: ResolveOutcome
    aliases: list[tuple[str, str]]
    events: list[str]
    versions_before_rerun: list[int]
    versions_after_rerun: list[int]


def ids_of(records: DataFrame) -> dict[tuple[str, int], str]:
    return {(row["_delivery_id"], row["_row_number"]): row["legal_entity_id"] for row in records.collect()}


def deliver(spark: SparkSession, *deliveries: list[dict[str, Any]]) -> dict[str, int]:
    return {TABLE: write_silver(spark, FEED, [row for delivery in deliveries for row in delivery])}


@pytest.fixture(scope="module")
def story(spark: SparkSession) -> Story:
    for count in (1, 2):
        resolve(spark, "legal_entity", deliver(spark, *DELIVERIES[:count]))
    newest = deliver(spark, *DELIVERIES)
    last = resolve(spark, "legal_entity", newest)
    before = [tables.version("entities", table) for table in TABLES]
    resolve(spark, "legal_entity", newest)
    resolve(spark, "legal_entity", deliver(spark, *reversed(DELIVERIES)))
    return Story(
        ids_of(resolved_records(spark, load_entity("legal_entity"), newest)),
        ids_of(tables.read(spark, "entities", "legal_entity_record")),
        last,
        [(row[0], row[1]) for row in tables.read(spark, "entities", "legal_entity_alias").collect()],
        [row["event"] for row in tables.read(spark, "entities", "legal_entity_event").orderBy("event").collect()],
        before,
        [tables.version("entities", table) for table in TABLES],
    )


def test_ids_do_not_depend_on_how_deliveries_are_batched(story: Story) -> None:
    assert story.one_at_a_time == story.at_once
    assert len(set(story.at_once.values())) == 2


def test_a_merge_keeps_the_older_id_and_retires_the_other(story: Story) -> None:
    oldest = story.one_at_a_time[("d1", 1)]
    assert [surviving for _, surviving in story.aliases] == [oldest]
    assert story.aliases[0][0] not in story.one_at_a_time.values()
    assert (story.last.created, story.last.merged) == (0, 1)


def test_the_event_log_tells_what_happened(story: Story) -> None:
    assert story.events == ["created", "created", "created", "merged"]


def test_a_rerun_writes_nothing_even_where_silver_was_rewritten(story: Story) -> None:
    assert story.versions_after_rerun == story.versions_before_rerun


def test_counts_are_those_of_the_tables(story: Story) -> None:
    assert (story.last.records, story.last.resolved, story.last.entities) == (4, 4, 2)
    assert table_log.row_count("entities", "legal_entity") == 2
