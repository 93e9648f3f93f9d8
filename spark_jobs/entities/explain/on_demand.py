"""An engine only where a pair was never compared: most questions are answered by what is stored."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from expectations.entity_spec import EntitySpec
from spark_jobs.entities.explain.compared import Compared, compare, for_two_rows
from spark_jobs.entities.explain.lookup import Row
from spark_jobs.entities.explain.pair import Compare
from spark_jobs.entities.match.model import approved_model

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_ROWS = 2


@contextmanager
def comparing(spec: EntitySpec) -> Iterator[Compare]:
    """Compares two profiles; where the settings leave that to the lake server, it must run by the time it is asked."""
    with ExitStack() as stack:
        opened: list[SparkSession] = []

        def on_engine(a: Row, b: Row) -> Compared:
            if not opened:
                # Late: what is stored is explained without Spark and SQLAlchemy.
                from spark_jobs.lake.engine.choice import engine_for_joins

                engine = engine_for_joins(_ROWS)
                spark = stack.enter_context(engine.joining(f"compare-{spec.entity}")).spark
                opened.append(for_two_rows(spark) if engine.needs_server else spark)
            return compare(opened[0], spec, approved_model(spec), a, b)

        yield on_engine
