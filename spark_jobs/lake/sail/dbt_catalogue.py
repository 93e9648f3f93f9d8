"""What dbt finds on Sail by name: the tables that storage holds, as its session sees them."""

import re
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING, cast

from deltalake import DeltaTable

from spark_jobs.base.settings import settings
from spark_jobs.lake.storage import delta_commits
from spark_jobs.lake.storage.arrow import lake_filesystem
from spark_jobs.lake.storage.paths import Layer, spark_table_uri
from spark_jobs.lake.storage.stored import stored_tables

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pyspark.sql import DataFrame, SparkSession
    from pyspark.sql.types import DataType

_NAME = re.compile(r"\b[a-z_]+\.[a-z0-9_]+")
_STORED = "stored_"
"""Before a layer's name: its tables as they are stored, which nobody but the views of the layer reads."""


@dataclass(frozen=True)
class Catalogue:
    """Names of one session."""

    spark: "SparkSession"
    _views: dict[str, set[str]] = field(default_factory=dict)
    _waiting: set[str] = field(default_factory=set)
    """Tables that storage holds, by `layer.table`, and that no statement has named yet."""
    _alone: Lock = field(default_factory=Lock)

    def enter(self, layers: "Sequence[Layer]") -> None:
        """Make the tables of layers known that storage holds, each when the first statement names it.

        To make one known takes three requests, and a build of few models names a tenth of them.
        """
        for layer in layers:
            self._create_layer(layer)
            self._waiting.update(f"{layer}.{table}" for table in stored_tables(*lake_filesystem(settings()), layer))

    def meet(self, sql: str) -> None:
        """Make the tables known that a statement names."""
        named = _NAME.findall(sql)
        # dbt has several threads, and who comes second needs what the first one is about to make known.
        with self._alone:
            for name in sorted(self._waiting.intersection(named)):
                layer, table = name.split(".")
                self.enter_table(cast("Layer", layer), table)

    def enter_table(self, layer: Layer, table: str) -> None:
        """Make a table known as it is now: its columns may be others than before."""
        self._create_layer(layer)
        self._waiting.discard(f"{layer}.{table}")
        stored = f"{_STORED}{layer}.{table}"
        location = spark_table_uri(layer, table)
        self.spark.sql(f"CREATE TABLE IF NOT EXISTS {stored} USING delta LOCATION '{location}'")
        columns = ", ".join(in_city_time(each.name, each.dataType) for each in self.spark.table(stored).schema)
        self.spark.sql(f"CREATE OR REPLACE VIEW {layer}.{table} AS SELECT {columns} FROM {stored}")

    def enter_view(self, layer: Layer, name: str, rows: "DataFrame") -> None:
        """Make a query known by a name, for this session."""
        self._create_layer(layer)
        # Of a view's text Sail keeps no backticks, so that it could name no path.
        inner = f"{layer}__{name}"
        rows.createOrReplaceTempView(inner)
        self.spark.sql(f"CREATE OR REPLACE VIEW {layer}.{name} AS SELECT * FROM {inner}")
        self._views[layer].add(name)

    def forget(self, layer: Layer, name: str) -> None:
        """A name stands for nothing any more; what is stored stays."""
        self.spark.sql(f"DROP VIEW IF EXISTS {layer}.{name}")
        self._views.get(layer, set()).discard(name)

    def relations(self, layer: Layer) -> list[tuple[str, str, bool, str]]:
        """What a layer holds, as `SHOW TABLE EXTENDED` says it."""
        stored = stored_tables(*lake_filesystem(settings()), layer)
        views = self._views.get(layer, set())
        kinds = {**dict.fromkeys(views, "Type: VIEW"), **dict.fromkeys(stored, "Type: EXTERNAL\nProvider: delta")}
        # Not their columns, which dbt then asks of each table that it wants them of.
        return [(layer, name, False, kind) for name, kind in sorted(kinds.items())]

    def properties(self, layer: Layer, table: str) -> list[tuple[str, str]]:
        """A table's properties."""
        found: DeltaTable = delta_commits.opened(layer, table)
        return sorted((name, str(value)) for name, value in found.metadata().configuration.items())

    def _create_layer(self, layer: Layer) -> None:
        if layer not in self._views:
            self.spark.sql(f"CREATE DATABASE IF NOT EXISTS {layer}")
            self.spark.sql(f"CREATE DATABASE IF NOT EXISTS {_STORED}{layer}")
            self._views[layer] = set()


def in_city_time(name: str, kind: "DataType") -> str:
    """A stored column for Sail's functions of time, which go by the zone of a value: stored ones have UTC's."""
    return f"CAST({name} AS TIMESTAMP) AS {name}" if kind.typeName() == "timestamp" else name
