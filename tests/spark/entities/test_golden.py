"""Which value survives, and whose id it is."""

from datetime import date
from typing import Any

import pytest
from pyspark.sql import Row, SparkSession
from pyspark.sql import functions as F

from expectations.entity_spec import load_entity
from spark_jobs.entities.match.profiles import profile_id, profiles_of, with_keys
from spark_jobs.entities.resolution.golden import golden
from spark_jobs.entities.resolution.identity import mint, totals

PERSON = load_entity("person")
REGISTRY, HOSPITAL, PHARMACY = "public_security/resident_registry", "health/visit", "health/pharmacy"
FEEDS = (HOSPITAL, PHARMACY, REGISTRY)


def said(feed: str, sequence: int, name: str, **attributes: Any) -> dict[str, Any]:
    """One record, delivered as number `sequence` on that day of November 2026."""
    day = date(2026, 11, sequence)
    return {"feed": feed, "_delivery_sequence": sequence, "_business_date": day, "name": name, **attributes}


@pytest.fixture(scope="module")
def entity(spark: SparkSession) -> Row:
    """One person of five records."""
    records = [
        said(HOSPITAL, 1, "王丽", mobile="13900000001", sex_code="2"),
        said(PHARMACY, 2, "王丽", mobile="13900000002", sex_code="2"),
        said(PHARMACY, 3, "王利", mobile="13900000002", sex_code="1"),
        said(REGISTRY, 2, "王莉", division_code="421202"),
        said(HOSPITAL, 5, "王丽", mobile="13900000001", sex_code="2"),
    ]
    names = [a.name for a in PERSON.attributes]
    columns = ["feed", "_delivery_sequence", "_business_date", "_row_number", *names]
    rows = [tuple(r.get(c, 1 if c == "_row_number" else None) for c in columns) for r in records]
    attributes = ", ".join(f"{a.name} {a.type}" for a in PERSON.attributes)
    schema = f"feed string, _delivery_sequence bigint, _business_date date, _row_number bigint, {attributes}"
    frame = spark.createDataFrame(rows, schema).withColumn("profile_id", profile_id(PERSON))
    number = F.array_position(F.array(*map(F.lit, FEEDS)), F.col("feed")).cast("int") - 1
    keyed = with_keys(profiles_of(frame.withColumn("_feed_number", number), PERSON), PERSON)
    clustered = totals(keyed, PERSON).withColumns({"cluster": F.lit(1), "component": F.lit(1)})
    found = golden(clustered, PERSON, FEEDS).withColumn("minted", mint(F.col("oldest_profile_id"), PERSON)).collect()
    assert len(found) == 1
    return found[0]


def test_the_believed_feed_wins(entity: Row) -> None:
    assert (entity["name"], entity["name_source"]) == ("王莉", REGISTRY)


def test_then_what_most_records_say(entity: Row) -> None:
    assert (entity["sex_code"], entity["sex_code_source"]) == ("2", HOSPITAL)


def test_then_the_newest(entity: Row) -> None:
    assert (entity["mobile"], entity["mobile_source"]) == ("13900000001", HOSPITAL)
    assert entity["mobile_date"] == date(2026, 11, 5)


def test_what_nobody_says_is_absent(entity: Row) -> None:
    assert (entity["birth_date"], entity["birth_date_source"]) == (None, None)


def test_totals_and_sources_are_those_of_all_records(entity: Row) -> None:
    assert (entity["records"], entity["profiles"], entity["feeds"]) == (5, 4, sorted(FEEDS))
    assert (entity["first_business_date"], entity["last_business_date"]) == (date(2026, 11, 1), date(2026, 11, 5))


def test_the_id_is_minted_from_the_oldest_record(entity: Row) -> None:
    assert entity["person_id"] == entity["minted"]
    assert entity["person_id"].startswith("P-")
