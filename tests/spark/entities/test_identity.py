"""Who is who by valid number alone."""

from typing import Any

import pytest
from pyspark.sql import DataFrame, SparkSession

from expectations.entity_spec import load_entity
from spark_jobs.entities.golden import golden
from spark_jobs.entities.identity import with_entity_id
from spark_jobs.entities.records import with_record_hash

FIRM = load_entity("legal_entity")
PERSON = load_entity("person")


def firms(spark: SparkSession, *rows: tuple[Any, ...]) -> DataFrame:
    """Records of firms: (row, sequence, uscc, registration number, name)."""
    schema = "_row_number bigint, _delivery_sequence bigint, uscc string, registration_number string, name string"
    return with_record_hash(
        spark.createDataFrame(list(rows), schema).selectExpr(
            "'market_regulation/enterprise_registration' as feed",
            "'enterprise' as role",
            "concat('d', _delivery_sequence) as _delivery_id",
            "date_add(date'2026-11-01', cast(_delivery_sequence as int)) as _business_date",
            "*",
            "cast(null as string) as division_code",
            "cast(null as string) as address",
            "cast(null as string) as industry_code",
            "cast(null as date) as established_date",
        ),
        FIRM,
    )


def ids(records: DataFrame) -> dict[int, str | None]:
    """Row number -> id."""
    found = with_entity_id(records, FIRM).select("_row_number", "legal_entity_id").collect()
    return {row[0]: row[1] for row in found}


def test_numbers_join_records_and_a_row_with_both_bridges_them(spark: SparkSession) -> None:
    found = ids(
        firms(
            spark,
            (1, 1, None, "R1", "old"),
            (2, 2, "U1", None, "new"),
            (3, 3, "U1", "R1", "both"),
            (4, 3, "U2", None, "other"),
            (5, 3, None, None, "nameless number"),
        )
    )
    assert found[1] == found[2] == found[3]
    assert found[4] not in {found[1], None}
    assert found[5] is None


def test_a_number_beside_two_stronger_ones_joins_nothing(spark: SparkSession) -> None:
    found = ids(firms(spark, (1, 1, "U1", "R1", "a"), (2, 1, "U2", "R1", "b"), (3, 2, None, "R1", "c")))
    assert len(set(found.values())) == 3
    assert None not in found.values()


def test_an_id_is_minted_from_the_first_delivered_record(spark: SparkSession) -> None:
    alone = ids(firms(spark, (1, 1, None, "R1", "old")))
    joined = ids(firms(spark, (1, 1, None, "R1", "old"), (2, 2, "U1", "R1", "both")))
    assert joined[2] == alone[1]
    assert str(alone[1]).startswith("L-")


def test_the_order_of_rows_does_not_change_an_id(spark: SparkSession) -> None:
    rows = [(1, 1, "U1", None, "a"), (2, 1, "U1", None, "b"), (3, 1, "U1", "R1", "c")]
    assert ids(firms(spark, *rows)) == ids(firms(spark, *reversed(rows)))


@pytest.mark.parametrize(
    ("newest_feed", "survivor"),
    [
        pytest.param("medical_insurance/settlement", "registry's", id="the believed feed wins over a newer one"),
        pytest.param("public_security/resident_registry", "newest", id="among one feed the newest wins"),
    ],
)
def test_a_golden_row_says_which_value_survives_and_whence(
    spark: SparkSession, newest_feed: str, survivor: str
) -> None:
    rows = [
        ("public_security/resident_registry", 1, "registry's", None),
        (newest_feed, 2, "newest", "13900000001"),
        ("public_security/resident_registry", 1, None, None),
    ]
    records = spark.createDataFrame(
        rows, "feed string, _delivery_sequence bigint, name string, mobile string"
    ).selectExpr(
        "*",
        "'P-1' as person_id",
        "true as is_resolved",
        "date_add(date'2026-11-01', cast(_delivery_sequence as int)) as _business_date",
        "1L as _row_number",
        "'resident' as role",
        "'X' as resident_id",
        *(
            f"cast(null as {a.type}) as {a.name}"
            for a in PERSON.attributes
            if a.name not in {"name", "mobile", "resident_id"}
        ),
    )
    row = golden(records, PERSON).collect()[0]
    assert row["name"] == survivor
    assert (row["mobile"], row["mobile_source"]) == ("13900000001", newest_feed)
    assert row["records"] == 3
    assert row["address"] is None
