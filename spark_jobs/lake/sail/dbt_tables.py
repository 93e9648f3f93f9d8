"""What a build of dbt writes on Sail: the engine stages the rows, delta-rs commits them, one writer a table."""

from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING

import pyarrow as pa

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


@dataclass(frozen=True)
class BuiltTables:
    """Tables of the warehouse, written as the lake server's SQL would."""

    staging: Scratch
    _numbers: "Iterator[int]" = field(default_factory=count)

    def replace(
        self,
        layer: Layer,
        table: str,
        rows: "DataFrame",
        partition_by: "Sequence[str]" = (),
        properties: "Mapping[str, str] | None" = None,
    ) -> None:
        """Make rows all that a table holds, and their columns its own; it is made where it is not there."""
        schema = _arrow_schema(rows)
        delta_commits.create(layer, table, schema, (), partition_by, properties)
        found = delta_commits.opened(layer, table)
        if found.metadata().partition_columns == list(partition_by):
            files = self._brought(layer, table, rows, partition_by)
            delta_commits.overwrite(found, [each.as_added() for each in files], schema, _BUILT)
        else:
            name = self._staged(layer, table, rows, ())
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
