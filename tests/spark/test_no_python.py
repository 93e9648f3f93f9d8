"""Engines are sent what is to be done; Sail runs no Python: no function of a session, nothing installed beside it."""

import pytest
from pyspark.errors import PySparkException
from pyspark.sql import SparkSession
from pyspark.sql import functions as F


def test_a_function_of_python_is_refused(sail_spark: SparkSession) -> None:
    twice = F.udf(lambda number: number * 2, "bigint")
    with pytest.raises(PySparkException, match="pyspark"):
        sail_spark.range(1).select(twice("id")).collect()
    assert sail_spark.range(1).count() == 1


def test_it_says_which_spark_it_speaks_like(sail_spark: SparkSession) -> None:
    assert sail_spark.version.partition(".")[0] == "4"


def test_an_expression_is_sent_without_the_line_that_made_it(session_of_engine: SparkSession) -> None:
    plan = session_of_engine.range(1).select(F.col("id") + 1)._plan.to_proto(session_of_engine.client)
    assert b"test_no_python" not in plan.SerializeToString()
