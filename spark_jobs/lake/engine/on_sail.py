"""Sail as an engine: a process for each job, without network, that reads and writes files."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow.dataset as ds

from spark_jobs.base.errors import LakeError
from spark_jobs.base.settings import Settings, settings
from spark_jobs.lake.engine.watch import Apart
from spark_jobs.lake.engine.workbench import NoRoomError, Workbench, of_deliveries
from spark_jobs.lake.sail import kept, process, session
from spark_jobs.lake.sail.dbt_door import DOOR, NAMED, STAGING
from spark_jobs.lake.silver.frames import state
from spark_jobs.lake.silver.parts import NEEDED
from spark_jobs.lake.storage.arrow import dataset
from spark_jobs.lake.storage.paths import Layer, table_uri
from spark_jobs.lake.storage.scratch import Scratch, local_scratch

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession


class OnSail:
    """Jobs without a JVM."""

    name = "sail"
    needs_server = False

    def opened(self, app: str) -> AbstractContextManager[Workbench]:
        """A session of a Sail of its own, and a folder of this machine."""
        return _opened(app, "refine", settings(), ("LAKE_SAIL_MEMORY", "LAKE_REFINE_ENGINE=server"))

    def joining(self, app: str) -> AbstractContextManager[Workbench]:
        """The same, with more memory."""
        at = settings().model_copy(update={"sail_memory": settings().resolve_sail_memory})
        return _opened(app, app, at, ("LAKE_RESOLVE_SAIL_MEMORY", "LAKE_RESOLVE_ENGINE=server"))

    def kept(self) -> AbstractContextManager[None]:
        """The jobs of the block have one Sail, started by the first that needs it."""
        return kept.kept()

    @contextmanager
    def for_dbt(self, layers: Sequence[Layer]) -> Iterator[dict[str, str]]:
        """The door of a Sail of its own, and a folder of this machine for what becomes part of tables."""
        at = settings().model_copy(update={"sail_memory": settings().warehouse_sail_memory})
        with local_scratch("warehouse") as staging, kept.running(at, Path(staging.root), "unbounded") as sail:
            told = {DOOR: str(sail.door), STAGING: staging.root, NAMED: ",".join(layers)}
            try:
                yield told
            except LakeError as error:
                if not sail.is_broken(error):
                    raise
                instead = ("LAKE_WAREHOUSE_SAIL_MEMORY", "LAKE_WAREHOUSE_ENGINE=server")
                raise _ended("warehouse", at, sail, error, instead) from error

    def prepare(self) -> None:
        """Nothing: it is started by the job that needs it."""

    def answers(self) -> bool:
        """It can be started at any time."""
        return True

    def state(self) -> str:
        """Which engine it is, and whether others on the machine are kept from it."""
        at = settings()
        limits = f"{at.sail_threads} threads, {at.sail_memory.human_readable()}"
        if at.sail_isolation == "none":
            warning = "未隔离，同机用户可以访问 (NOT kept apart from other users: LAKE_SAIL_ISOLATION)"
            return f"refine and verify: on Sail ({limits}), {warning}"
        refused = process.can_be_isolated()
        if refused:
            return f"refine and verify: Sail 无法隔离，不会启动 (cannot be kept apart, will not start: {refused})"
        return f"refine and verify: on Sail ({limits}), in a network of its own"


@contextmanager
def _opened(app: str, job: str, at: Settings, instead: tuple[str, str]) -> Iterator[Workbench]:
    with local_scratch(job) as staging, kept.running(at, Path(staging.root)) as sail:
        try:
            with session.connected(sail.door) as spark:
                yield Workbench(spark, _Files(spark, staging).read, staging, partial(Apart, staging), sail.process.pid)
        except Exception as error:
            if not sail.is_broken(error):
                raise
            raise _ended(app, at, sail, error, instead) from error


def _ended(app: str, at: Settings, sail: process.Running, error: Exception, instead: tuple[str, str]) -> LakeError:
    memory, engine = instead
    kind = LakeError
    if sail.is_out_of_memory(error):
        kind = NoRoomError
        why = f"needs more than the {at.sail_memory.human_readable()} of {memory}"
    else:
        why = f"ended (status {sail.process.returncode})"
    # A job after this one has another.
    sail.process.kill()
    sail.process.wait()
    return kind(
        f"{app}: the engine Sail {why}; what was committed is kept",
        f"for more memory: raise {memory}, or {engine}; "
        f"then run the same command; see the end of {at.home}/logs/sail.log",
    )


class _Files:
    """Delta tables where Sail can read them: it has neither the network of a store nor its keys."""

    def __init__(self, spark: "SparkSession", staging: Scratch) -> None:
        self._spark = spark
        self._staging = staging
        self._copies = 0

    def read(
        self,
        layer: Layer,
        table: str,
        version: int | None = None,
        deliveries: Sequence[str] | None = None,
        columns: Sequence[str] | None = None,
        as_stored: bool = False,
    ) -> "DataFrame":
        """The rows of a table, see `workbench.Reader`."""
        if layer == "silver" and not as_stored:
            needed = None if columns is None else list(dict.fromkeys([*columns, *NEEDED]))
            return of_deliveries(state(self._stored(layer, table, version, None, needed)), deliveries)
        return self._stored(layer, table, version, deliveries, columns)

    def _stored(
        self,
        layer: Layer,
        table: str,
        version: int | None,
        deliveries: Sequence[str] | None,
        columns: Sequence[str] | None,
    ) -> "DataFrame":
        if settings().is_s3:
            found = dataset(layer, table, version)
            there = None if columns is None else [name for name in columns if name in found.schema.names]
            return self._copied(found.scanner(there, filter=_of(deliveries)))
        reader = self._spark.read.format("delta")
        if version is not None:
            reader = reader.option("versionAsOf", version)
        return of_deliveries(reader.load(table_uri(layer, table)), deliveries)

    def _copied(self, found: ds.Scanner) -> "DataFrame":
        """The rows as one file of this machine, streamed from the store."""
        self._copies += 1
        name = f"copy-{self._copies}"
        self._staging.write(found.to_reader(), name)
        return self._staging.read(self._spark, name)


def _of(deliveries: Sequence[str] | None) -> ds.Expression | None:
    return None if deliveries is None else ds.field("_delivery_id").isin(list(deliveries))
