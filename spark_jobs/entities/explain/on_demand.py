"""A session of the lake server only where a pair was never compared: most questions are answered by what is stored."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from expectations.entity_spec import EntitySpec
from spark_jobs.entities.explain.compared import Compared, compare, for_two_rows
from spark_jobs.entities.explain.lookup import Row
from spark_jobs.entities.explain.pair import Compare
from spark_jobs.entities.match.model import approved_model
from spark_jobs.lake.server import session

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


@contextmanager
def comparing(spec: EntitySpec) -> Iterator[Compare]:
    """Compares two profiles on the lake server, which must run by the time it is asked."""
    with ExitStack() as stack:
        opened: list[SparkSession] = []

        def on_server(a: Row, b: Row) -> Compared:
            if not opened:
                opened.append(for_two_rows(stack.enter_context(session.connected(f"compare {spec.entity}"))))
            return compare(opened[0], spec, approved_model(spec), a, b)

        yield on_server
