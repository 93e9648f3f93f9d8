"""What a job gets from an engine, whichever it is."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from spark_jobs.base.errors import LakeError
from spark_jobs.lake.engine.watch import Watch
from spark_jobs.lake.storage.paths import Layer
from spark_jobs.lake.storage.scratch import Scratch

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession


class Reader(Protocol):
    """Reads a Delta table."""

    def __call__(
        self,
        layer: Layer,
        table: str,
        version: int | None = None,
        deliveries: Sequence[str] | None = None,
        columns: Sequence[str] | None = None,
        as_stored: bool = False,
    ) -> "DataFrame":
        """The rows of a table, those of silver with the validity that they have.

        Args:
            layer: of the table.
            table: its name in the layer.
            version: as of which one; the newest by default.
            deliveries: whose rows; everybody's by default.
            columns: that are needed; all by default, and an engine may give more.
            as_stored: silver in its parts, see `lake.silver.parts`.
        """


def of_deliveries(rows: "DataFrame", deliveries: Sequence[str] | None) -> "DataFrame":
    """The rows of these deliveries; all where none are named."""
    return rows if deliveries is None else rows.where(rows["_delivery_id"].isin(*deliveries))


@dataclass(frozen=True)
class Workbench:
    """A session with a folder beside it."""

    spark: "SparkSession"
    read: Reader
    staging: Scratch
    """Where the session writes what is to become part of a table, or is needed again."""
    watch: Callable[[], Watch]
    """A new watch over some rows."""
    pid: int | None
    """The engine's process on this machine."""


class NoRoomError(LakeError):
    """The engine has less memory than the job needs."""


class Engine(Protocol):
    """One way of running the same transforms."""

    def opened(self, app: str) -> AbstractContextManager[Workbench]:
        """A workbench for one job; what it staged and did not use is gone afterwards.

        Raises:
            NoRoomError: the job needs more memory than it has.
            LakeError: there is none, or it went away while the job was at work, which is no delivery's fault.
        """

    def joining(self, app: str) -> AbstractContextManager[Workbench]:
        """As `opened`, for a job that joins many records with each other."""

    def kept(self) -> AbstractContextManager[None]:
        """Within the block, the workbenches of this process, one after another, share what it costs to start."""

    def for_dbt(self, layers: Sequence[Layer]) -> AbstractContextManager[dict[str, str]]:
        """Within the block, a dbt with this environment (`engine.dbt_child`) works on the engine.

        Args:
            layers: whose tables models name; silver they read by path and version.

        Raises:
            NoRoomError: the build needs more memory than it has.
            LakeError: there is none, or it went away.
        """

    name: str
    """What the settings call it."""
    needs_server: bool
    """Workbenches are of the lake server."""

    def prepare(self) -> None:
        """See that workbenches can be opened, which may take a while."""

    def state(self) -> str:
        """A line about the engine, for people."""

    def answers(self) -> bool:
        """A workbench could be opened now."""
