"""A workbench that has no lake: on Sail, in a folder of its own, with no table but the one that it is given."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
from pyarrow import fs

from spark_jobs.base.settings import settings
from spark_jobs.lake.engine.watch import Apart
from spark_jobs.lake.engine.workbench import Workbench, of_deliveries
from spark_jobs.lake.sail import kept, session
from spark_jobs.lake.storage.paths import Layer
from spark_jobs.lake.storage.scratch import Scratch

if TYPE_CHECKING:
    from pyspark.sql import DataFrame


@contextmanager
def opened(bronze: pa.RecordBatchReader, folder: Path) -> Iterator[Workbench]:
    """A workbench whose one table is bronze; what Sail says and keeps goes into the folder too.

    Args:
        bronze: its rows.
        folder: of whoever works here, who removes it.
    """
    staging = Scratch(str(folder), fs.LocalFileSystem(), str(folder))
    staging.write(bronze, "bronze")
    at = settings().model_copy(update={"home": folder})
    with kept.running(at, folder) as sail, session.connected(sail.door) as spark:

        def read(
            layer: Layer,
            table: str,
            version: int | None = None,
            deliveries: Sequence[str] | None = None,
            columns: Sequence[str] | None = None,
            as_stored: bool = False,
        ) -> "DataFrame":
            if layer != "bronze":
                raise ValueError(f"there is no {layer} without a lake")
            return of_deliveries(staging.read(spark, "bronze"), deliveries)

        yield Workbench(spark, read, staging, partial(Apart, staging), sail.process.pid)
