"""Sail runs what its plans say and no Python: neither functions of a session nor what is installed beside it."""

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
