"""Spark sessions on the lake server, over Spark Connect."""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from spark_jobs.base.errors import LakeError
from spark_jobs.base.settings import settings
from spark_jobs.lake.server import conf as server_conf
from spark_jobs.lake.server import discretion
from spark_jobs.lake.server.retries import few_retries

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_FINE = 32
"""Shuffle partitions of a resolution: with 4, sorts of 10 M records spilled."""


def environment() -> dict[str, str]:
    """What a program that brings its own Spark Connect client (dbt) needs to reach the lake server."""
    return {
        "SPARK_REMOTE": remote(),
        "SPARK_CONNECT_AUTHENTICATE_TOKEN": server_conf.connect_token(settings()),
    }


def remote() -> str:
    """The lake server's Spark Connect address, without the token.

    The client sends a token without TLS only to the name `localhost`.
    """
    return f"sc://localhost:{settings().connect_port}"


def for_large_shuffles(spark: "SparkSession") -> "SparkSession":
    """Part shuffles finer, so that nothing spills of ten million records; adaptive execution joins small parts."""
    name = "spark.sql.shuffle.partitions"
    spark.conf.set(name, str(max(_FINE, int(spark.conf.get(name, "0") or 0))))
    return spark


def answers() -> bool:
    """The lake server takes connections now."""
    try:
        socket.create_connection(("127.0.0.1", settings().connect_port), timeout=1).close()
    except OSError:
        return False
    return True


def connect(app: str) -> "SparkSession":
    """A new session on the lake server: its own settings and temporary views, the common catalogue.

    Timestamps show in the server's session time zone, Asia/Shanghai.

    Args:
        app: what the session is for; it shows in the server's log of operations.

    Raises:
        LakeError: the lake server is not running, or belongs to another lake home.
    """
    if not answers():
        raise LakeError("the lake server is not running", "lake up")
    # Imported late: it takes a second, and most commands need no Spark.
    from pyspark.errors.exceptions.connect import SparkConnectGrpcException
    from pyspark.sql import SparkSession

    os.environ.update(environment())
    discretion.silence_logs()
    try:
        spark = SparkSession.builder.remote(f"{remote()}/;user_agent={_agent(app)}").create()
        # A server that is gone takes its sessions along, and none comes back by itself: the default is ten minutes of
        # retries, of each call that is made on the way out too.
        spark.client.set_retry_policies([few_retries(4, 1000)])
        spark.conf.get("spark.sql.session.timeZone")
    except SparkConnectGrpcException as error:
        if "UNAUTHENTICATED" not in str(error):
            raise LakeError("the lake server did not answer", "lake status") from error
        what = f"the lake server on port {settings().connect_port} belongs to another lake home"
        raise LakeError(what, "set LAKE_HOME to that lake, or LAKE_CONNECT_PORT to a free port") from None
    return spark


@contextmanager
def connected(app: str) -> Iterator["SparkSession"]:
    """A session that is given back at the end of the block.

    Raises:
        LakeError: the lake server is not running.
    """
    spark = connect(app)
    try:
        yield spark
    finally:
        spark.stop()


def _agent(app: str) -> str:
    return "".join(letter if letter.isalnum() and letter.isascii() else "-" for letter in app)[:100]
