"""Versions of silver tables, as models are told of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from spark_jobs.lake.engine.choice import engine_for_warehouse
from spark_jobs.lake.engine.workbench import Engine
from spark_jobs.lake.silver.parts import ENDING, PART, is_in_parts, read_columns
from spark_jobs.lake.storage import delta_commits


@dataclass(frozen=True)
class Published:
    """A version of a silver table, as models are told of it."""

    version: int
    columns: dict[str, bool]
    """What models see of it; whether it is a point in time."""
    is_in_parts: bool
    """Rows and endings stand apart; not so in a table that was written before there were endings."""
    has_endings: bool
    """Some of its rows are over because of what came later."""
    rows: int

    @classmethod
    def at(cls, table: str, version: int) -> "Published":
        """What the log says of a version."""
        found = delta_commits.opened("silver", table, version)
        kinds = {each.name: each.type for each in found.schema().fields}
        columns = {name: getattr(kinds[name], "type", "") == "timestamp" for name in read_columns(kinds)}
        has_endings = is_in_parts(kinds) and any(part[PART] == ENDING for part in found.partitions())
        return cls(version, columns, is_in_parts(kinds), has_endings, int(found.count()))

    def told(self) -> dict[str, Any]:
        """For the macro `published`."""
        times = [name for name, is_time in self.columns.items() if is_time]
        return {
            "version": self.version,
            "columns": [*self.columns],
            "times": times,
            "in_parts": self.is_in_parts,
            "has_endings": self.has_endings,
        }


def of_versions(versions: Mapping[str, int]) -> dict[str, Published]:
    """Those of some silver tables, by table."""
    return {table: Published.at(table, version) for table, version in versions.items()}


def engine_over(silver: Mapping[str, Published]) -> Engine:
    """The engine that builds the warehouse over so much."""
    return engine_for_warehouse(sum(each.rows for each in silver.values()))
