"""Each test of keys on each engine."""

import pytest
from pyspark.sql import SparkSession


@pytest.fixture(scope="session")
def spark(session_of_engine: SparkSession) -> SparkSession:
    """A session of the engine."""
    return session_of_engine
