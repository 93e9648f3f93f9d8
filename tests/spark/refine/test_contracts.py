"""Every contract's rules and totals are analysed against an empty frame, so that a misspelt column fails here.

On Sail: that the lake server takes them too is seen with rows in them, in `test_engines_agree`.
"""

import pytest
from pyspark.errors import AnalysisException
from pyspark.sql import DataFrame, SparkSession

from expectations.contract.catalogue import load_feeds
from expectations.contract.feed import FeedContract
from spark_jobs.refine.code_lists import known_codes
from spark_jobs.refine.conform import conform
from spark_jobs.refine.history import silver_columns, silver_rows, with_validity
from spark_jobs.refine.screen import screen
from spark_jobs.refine.tally import tally
from tests.spark.refine.frames import bronze_frame


def screened(spark: SparkSession, contract: FeedContract) -> DataFrame:
    tables = frozenset(column.code_table for column in contract.columns if column.code_table)
    return screen(conform(bronze_frame(spark, contract, []), contract, known_codes(tables)), contract)


@pytest.fixture
def spark(sail_spark: SparkSession) -> SparkSession:
    return sail_spark


@pytest.mark.parametrize("contract", load_feeds(), ids=lambda contract: contract.id)
def test_rules_and_totals_are_sound(spark: SparkSession, contract: FeedContract) -> None:
    frame = screened(spark, contract)
    assert tally(frame, contract).columns == ["_delivery_sequence", "item", "number"]
    silver = with_validity(silver_rows(frame, contract), contract)
    assert dict(silver.dtypes) == silver_columns(contract)


def test_a_misspelt_column_fails(spark: SparkSession) -> None:
    contract = load_feeds()[0]
    rule = {"name": "wrong", "sql": "no_such_column > 0", "severity": "warn", "message": "错", "fix": "改"}
    wrong = FeedContract.model_validate(contract.model_dump() | {"rules": [rule]})
    with pytest.raises(AnalysisException, match="no_such_column"):
        _ = screened(spark, wrong).schema
