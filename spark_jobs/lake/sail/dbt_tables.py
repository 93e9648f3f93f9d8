"""What a build of dbt writes on Sail: the engine stages the rows, delta-rs commits them, one writer a table."""

from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING

import pyarrow as pa

from spark_jobs.base.errors import LakeError
from spark_jobs.lake.server.discretion import withheld
from spark_jobs.lake.storage import delta_commits
from spark_jobs.lake.storage.data_files import DataFile, bring_in
from spark_jobs.lake.storage.delta_commits import Signed
from spark_jobs.lake.storage.paths import Layer
from spark_jobs.lake.storage.scratch import Scratch

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pyspark.sql import DataFrame

_BUILT = Signed("dbt")
TOO_FEW = "a build may not take so many of its rows"
"""In the message of a table that is not replaced."""


@dataclass(frozen=True)
class BuiltTables:
    """Tables of the warehouse, written as the lake server's SQL would."""

    staging: Scratch
    floors: "Mapping[str, int]" = field(default_factory=dict)
    """Rows that a table must have at least to be replaced, by `layer.table`."""
    _numbers: "Iterator[int]" = field(default_factory=count)

    def replace(
        self,
        layer: Layer,
        table: str,
        rows: "DataFrame",
        partition_by: "Sequence[str]" = (),
        properties: "Mapping[str, str] | None" = None,
    ) -> None:
        """Make rows all that a table holds, and their columns its own; it is made where it is not there.

        Raises:
            LakeError: there are fewer than the table must have.
        """
        schema = _arrow_schema(rows)
        delta_commits.create(layer, table, schema, (), partition_by, properties)
        found = delta_commits.opened(layer, table)
        is_parted_so = found.metadata().partition_columns == list(partition_by)
        name = self._staged(layer, table, rows, partition_by if is_parted_so else ())
        self._raise_if_too_few(layer, table, name)
        if is_parted_so:
            files = bring_in(self.staging, name, layer, table, ())
            delta_commits.overwrite(found, [each.as_added() for each in files], schema, _BUILT)
        else:
            delta_commits.rebuild(found, self.staging.batches(name, schema), partition_by, _BUILT)
        if properties:
            delta_commits.set_properties(layer, table, properties)

    def add(self, layer: Layer, table: str, rows: "DataFrame") -> None:
        """Give a table further rows."""
        found = delta_commits.opened(layer, table)
        files = self._brought(layer, table, rows, found.metadata().partition_columns)
        delta_commits.append(found, [each.as_added() for each in files], _BUILT)

    def replace_partitions(self, layer: Layer, table: str, rows: "DataFrame") -> None:
        """Put rows in the place of all that the partitions hold which they are of; other partitions stay."""
        found = delta_commits.opened(layer, table)
        (column,) = found.metadata().partition_columns
        files = self._brought(layer, table, rows, (column,))
        if files:
            touched = {column: sorted({each.partition[column] for each in files})}
            delta_commits.exchange(found, [each.as_added() for each in files], touched, _BUILT)

    def delete(self, layer: Layer, table: str, predicate: str) -> None:
        """Delete the rows for which a predicate holds."""
        delta_commits.delete(delta_commits.opened(layer, table), predicate, _BUILT)

    def _raise_if_too_few(self, layer: Layer, table: str, staged: str) -> None:
        least, rows = self.floors.get(f"{layer}.{table}", 0), self.staging.count(staged)
        if rows < least:
            raise LakeError(f"{layer}.{table} would have {rows:,} rows and must have {least:,}: {TOO_FEW}", "")

    def _brought(self, layer: Layer, table: str, rows: "DataFrame", partition_by: "Sequence[str]") -> list[DataFile]:
        return bring_in(self.staging, self._staged(layer, table, rows, partition_by), layer, table, ())

    def _staged(self, layer: Layer, table: str, rows: "DataFrame", partition_by: "Sequence[str]") -> str:
        name = f"{layer}-{table}-{next(self._numbers)}"
        with withheld():
            self.staging.stage(rows, name, *partition_by)
        return name


def _arrow_schema(rows: "DataFrame") -> pa.Schema:
    from pyspark.sql.pandas.types import to_arrow_schema

    # With a zone, or the table would need a newer protocol than all readers have.
    found = to_arrow_schema(rows.schema, timezone="UTC")
    return pa.schema([each.with_nullable(True) for each in found])
