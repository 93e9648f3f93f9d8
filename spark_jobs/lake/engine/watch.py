"""Counts of rows that pass on their way to somewhere else."""

import uuid
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame, Observation

    from spark_jobs.lake.storage.scratch import Scratch


class Watch(Protocol):
    """Takes counts of some rows, once."""

    def over(self, rows: "DataFrame", *counts: "Column") -> "DataFrame":
        """The rows, of which the counts are taken.

        Args:
            rows: that pass.
            counts: aggregates, each with a name.
        """

    def counted(self) -> dict[str, Any]:
        """The counts by name; to be asked for when the rows have passed, none where there were never any."""


class AsTheyPass:
    """Counts taken by the engine while it computes the rows."""

    def __init__(self) -> None:
        self._seen: Observation | None = None

    def over(self, rows: "DataFrame", *counts: "Column") -> "DataFrame":
        """See `Watch.over`."""
        from pyspark.sql import Observation

        self._seen = Observation()
        return rows.observe(self._seen, *counts)

    def counted(self) -> dict[str, Any]:
        """See `Watch.counted`."""
        return {} if self._seen is None else dict(self._seen.get)


class Apart:
    """Counts taken of rows that are kept for both: Sail 0.7.2 has no `observe`, and would compute them twice."""

    def __init__(self, staging: "Scratch") -> None:
        self._staging = staging
        self._rows: DataFrame | None = None

    def over(self, rows: "DataFrame", *counts: "Column") -> "DataFrame":
        """See `Watch.over`."""
        kept = self._staging.keep(rows, f"watched-{uuid.uuid4().hex[:12]}")
        self._rows = kept.agg(*counts)
        return kept

    def counted(self) -> dict[str, Any]:
        """See `Watch.counted`."""
        return {} if self._rows is None else self._rows.collect()[0].asDict()
