"""Spark Connect sessions on Sail."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from spark_jobs.lake.server import discretion
from spark_jobs.lake.server.conf import SESSION_TIME_ZONE, WITHOUT_CALL_SITES
from spark_jobs.lake.server.retries import few_retries

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


@contextmanager
def connected(door: Path) -> Iterator["SparkSession"]:
    """A session of the Spark Connect server behind a socket; timestamps show in the city's time zone."""
    # Imported late: it takes a second, and most commands need no Spark.
    from pyspark.sql.connect.client import DefaultChannelBuilder
    from pyspark.sql.connect.session import SparkSession

    class ByDoor(DefaultChannelBuilder):  # type: ignore[misc]
        def toChannel(self) -> Any:  # noqa: N802  PySpark's name
            return self._insecure_channel(f"unix:{door}")

    # By it PySpark's functions know that no JVM is meant.
    os.environ.setdefault("SPARK_CONNECT_MODE_ENABLED", "1")
    discretion.silence_logs()
    # Of a path, which gRPC would name it by, Sail's HTTP makes nothing.
    by_door = ByDoor("sc://sail", channelOptions=[("grpc.default_authority", "localhost")])
    spark = SparkSession.builder.channelBuilder(by_door).create()
    # Who has died does not come back, so that asking again would only take time.
    spark.client.set_retry_policies([few_retries(2, 500)])
    for name, value in {"spark.sql.session.timeZone": SESSION_TIME_ZONE, **WITHOUT_CALL_SITES}.items():
        spark.conf.set(name, value)
    try:
        yield spark
    finally:
        spark.stop()
