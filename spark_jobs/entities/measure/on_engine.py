"""Work by a spec of somebody's own: on the engine that suits its files, its faults told by their place in the spec."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from pyspark.errors import PySparkException

from expectations.entity_spec import EntitySpec
from spark_jobs.base.errors import LakeError
from spark_jobs.base.settings import settings
from spark_jobs.entities.input.sizes import about
from spark_jobs.entities.measure.spec_faults import Lacking, explained, quiet_spark
from spark_jobs.lake.engine.choice import ENGINES, engine_for_joins
from spark_jobs.lake.engine.workbench import Engine, NoRoomError, Workbench

Lent = Callable[[], AbstractContextManager[object]]
"""Gives the lake server while a block lasts."""
Made = TypeVar("Made")


@dataclass(frozen=True)
class Work(Generic[Made]):
    """What is to be done.

    Args:
        job: what it is, in a word.
        path: the spec's file.
        spec: what is in it.
        files: records.
        do: it, with a workbench and the engine's name.
    """

    job: str
    path: Path
    spec: EntitySpec
    files: list[Path]
    do: Callable[[Workbench, str], Made]


def done(work: Work[Made], lent: Lent) -> Made:
    """What comes of it; on the lake server where Sail has not all that it takes.

    `lent` gives the lake server while it is needed.

    Raises:
        LakeError: a file is wrong, or a part of the spec, which is named.
    """
    try:
        return _on(engine_for_joins(about(work.files)), work, lent)
    except (Lacking, NoRoomError) as error:
        if settings().resolve_engine is None:
            return _on(ENGINES["server"], work, lent)
        if isinstance(error, NoRoomError):
            raise
        raise LakeError(f"{work.path}: Sail has not all that its SQL uses", "LAKE_RESOLVE_ENGINE=server") from None


def _on(engine: Engine, work: Work[Made], lent: Lent) -> Made:
    server = lent() if engine.needs_server else nullcontext()
    with server, engine.joining(work.job) as bench, quiet_spark():
        try:
            return work.do(bench, engine.name)
        except PySparkException as error:
            told = explained(error, bench.spark, work.spec)
            if told is None:
                raise
            raise LakeError(f"{work.path}: {told.what}", told.next_step) from error
