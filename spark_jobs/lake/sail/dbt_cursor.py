"""dbt-spark's session method on Sail: the one place where dbt hands a statement over."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

from pyarrow import fs

from spark_jobs.base.errors import LakeError
from spark_jobs.lake.sail import session as sail_session
from spark_jobs.lake.sail.dbt_catalogue import Catalogue
from spark_jobs.lake.sail.dbt_door import DOOR, NAMED, STAGING
from spark_jobs.lake.sail.dbt_statements import Session
from spark_jobs.lake.sail.dbt_tables import BuiltTables
from spark_jobs.lake.server.discretion import withheld
from spark_jobs.lake.storage.paths import Layer
from spark_jobs.lake.storage.scratch import Scratch


@contextmanager
def dbt_on_sail(floors: Mapping[str, int]) -> Iterator[None]:
    """Within the block, dbt of this process works on the Sail that the environment tells of.

    Args:
        floors: rows that a table must have at least to be replaced, by `layer.table`.
    """
    from dbt.adapters.spark import session as dbt_session
    from dbt_common.exceptions import DbtRuntimeError
    from pyspark.errors import PySparkException

    door, staging, layers = (os.environ.pop(name) for name in (DOOR, STAGING, NAMED))
    with sail_session.connected(Path(door)) as spark:
        catalogue = Catalogue(spark)
        catalogue.enter(cast("list[Layer]", layers.split(",")))
        scratch = Scratch(staging, fs.LocalFileSystem(), staging)
        at_work = Session(spark, catalogue, BuiltTables(scratch, floors))

        class Cursor(dbt_session.Cursor):
            """Runs statements where dbt-spark would look for a session of its own."""

            def execute(self, sql: str, *parameters: Any) -> None:
                try:
                    self._df = at_work.run(sql % parameters if parameters else sql)
                except (PySparkException, LakeError) as error:
                    raise DbtRuntimeError(error.what if isinstance(error, LakeError) else str(error)) from error
                # Who asks for the answer of a statement that has none gets no rows, as from Spark.
                self._rows = [] if self._df is None else None

            def fetchall(self) -> Any:
                with withheld():
                    return super().fetchall()

            def fetchone(self) -> Any:
                with withheld():
                    return super().fetchone()

        dbt_session.Cursor = Cursor  # type: ignore[misc]
        yield
