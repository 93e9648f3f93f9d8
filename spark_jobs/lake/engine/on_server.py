"""The lake server as an engine."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TYPE_CHECKING

from spark_jobs.base.errors import LakeError
from spark_jobs.base.settings import settings
from spark_jobs.lake.engine.watch import AsTheyPass
from spark_jobs.lake.engine.workbench import Workbench, of_deliveries
from spark_jobs.lake.server import lifecycle, reading, session
from spark_jobs.lake.server.registration import register_layer
from spark_jobs.lake.silver.frames import state
from spark_jobs.lake.storage.paths import Layer
from spark_jobs.lake.storage.scratch import scratch

if TYPE_CHECKING:
    from pyspark.sql import DataFrame


class OnServer:
    """Jobs by the one Spark application of the lake."""

    name = "server"
    needs_server = True

    @contextmanager
    def opened(self, app: str) -> Iterator[Workbench]:
        """A session of the lake server, and a folder in the lake's storage."""
        with _opened(app, "refine") as bench:
            # Bronze packs a million rows into 40 MB, which Spark's 128 MB would give to a single core.
            bench.spark.conf.set("spark.sql.files.maxPartitionBytes", "16m")
            yield bench

    @contextmanager
    def joining(self, app: str) -> Iterator[Workbench]:
        """The same, with shuffles in finer parts."""
        with _opened(app, app) as bench:
            session.for_large_shuffles(bench.spark)
            yield bench

    def kept(self) -> AbstractContextManager[None]:
        """Nothing: the lake server stays."""
        return nullcontext()

    @contextmanager
    def for_dbt(self, layers: Sequence[Layer]) -> Iterator[dict[str, str]]:
        """The address and the token; the tables are entered into the server's catalogue."""
        with lifecycle.lent():
            with session.connected("warehouse") as spark:
                for layer in layers:
                    register_layer(spark, layer)
            yield session.environment()

    def prepare(self) -> None:
        """Start the lake server where it does not run."""
        lifecycle.ensure_up()

    def answers(self) -> bool:
        """The lake server takes connections."""
        return session.answers()

    def state(self) -> str:
        """Which engine it is."""
        return "refine and verify: on the lake server"


@contextmanager
def _opened(app: str, job: str) -> Iterator[Workbench]:
    with session.connected(app) as spark, scratch(job) as staging:

        def read(
            layer: Layer,
            table: str,
            version: int | None = None,
            deliveries: Sequence[str] | None = None,
            columns: Sequence[str] | None = None,
            as_stored: bool = False,
        ) -> "DataFrame":
            stored = reading.read(spark, layer, table, version, deliveries if as_stored or layer != "silver" else None)
            is_state = layer == "silver" and not as_stored
            return of_deliveries(state(stored) if is_state else stored, deliveries)

        found = lifecycle.running(settings())
        try:
            yield Workbench(spark, read, staging, AsTheyPass, found.jvm_pid if found else None)
        except Exception as error:
            if session.answers():
                raise
            raise LakeError(
                f"{app}: the lake server went away; what was committed is kept",
                "start it again with lake server up, then run the same command",
            ) from error
