"""Deliveries of a small city for all stories of resolution."""

import pytest
from pyspark.sql import SparkSession

from tests.spark.entities.deliveries import Mentions


@pytest.fixture(scope="session")
def mentions(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> Mentions:
    """Six hundred mentions of persons."""
    return Mentions(spark, tmp_path_factory.mktemp("mentions"), 600, 11)
