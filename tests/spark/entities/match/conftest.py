"""Matching on Sail, which plans a query in a hundredth of the time; `test_engines_agree` has both engines."""

import pytest
from pyspark.sql import SparkSession


@pytest.fixture(scope="session")
def spark(sail_spark: SparkSession) -> SparkSession:
    """A session on Sail."""
    return sail_spark
