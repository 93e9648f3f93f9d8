"""What changed in a silver table from one version to another, at the cost of what changed."""

from collections.abc import Sequence
from functools import reduce
from typing import TYPE_CHECKING, NamedTuple

from spark_jobs.lake.silver.frames import state
from spark_jobs.lake.silver.parts import ENDING, PART, PLACE
from spark_jobs.lake.storage import batch_commits, delta_commits, table_log

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame

    from spark_jobs.lake.engine.workbench import Workbench

CHANGE = "_change"
"""Which of the two versions a row is of."""
WENT, CAME = "went", "came"
_SEQUENCE, _NUMBER = PLACE


class _Written(NamedTuple):
    """What commits say of themselves."""

    deliveries: frozenset[str]
    """Whose rows they wrote or took out."""
    since: int
    """Endings that they wrote have a greater serial; older ones do not."""


def changed_between(bench: "Workbench", table: str, before: int, after: int) -> "DataFrame":
    """Rows of a silver table that one of two versions does not have, or has with another validity or other values.

    A row that is other than it was is there twice, as it WENT and as it CAME. Where only deliveries came and went
    between both, their rows and those that they ended are compared, and the rest of the table is not joined; where
    the table was written anew or settled, all rows are.

    Args:
        bench: of the engine that compares.
        table: the silver table.
        before: a version.
        after: a later one.

    Returns:
        Columns that everyone reads of silver, those of both versions, and CHANGE.
    """
    from pyspark.sql import functions as F

    stored = [bench.read("silver", table, version, as_stored=True) for version in (before, after)]
    written = _written(table, before, after)
    if written is not None:
        stored = _touched(stored, written)
    then, now = (state(each) for each in stored)
    names = list(dict.fromkeys([*now.columns, *then.columns]))
    then, now = _with_columns(then, now, names), _with_columns(now, then, names)
    went, came = then.exceptAll(now), now.exceptAll(then)
    return went.withColumn(CHANGE, F.lit(WENT)).unionByName(came.withColumn(CHANGE, F.lit(CAME)))


def _written(table: str, before: int, after: int) -> _Written | None:
    """What the commits after a version up to another one wrote; None where one of them wrote the table anew."""
    # Of an older version delta-rs gives the newest commits too, and numbers them as if they led to it.
    commits = {int(commit["version"]): commit for commit in delta_commits.opened("silver", table).history()}
    content = [version for version, commit in commits.items() if not table_log.is_maintenance(commit)]
    base = max((version for version in content if version <= before), default=None)
    later = [commits.get(version) for version in range(before + 1, after + 1)]
    if base is None or None in later:
        return None
    deliveries: set[str] = set()
    for commit in filter(None, later):
        if table_log.writes_anew(commit):
            return None
        deliveries.update(batch_commits.deliveries_of(commit))
    return _Written(frozenset(deliveries), base)


def _touched(stored: Sequence["DataFrame"], written: _Written) -> list["DataFrame"]:
    """Of each version the rows that commits wrote, took out or ended, with all of their endings."""
    from pyspark.sql import functions as F

    is_new_ending = (F.col(PART) == ENDING) & (F.col("_serial") > written.since)
    of_deliveries = [each.where(_is_one_of("_delivery_id", sorted(written.deliveries))) for each in stored]
    whole = [*of_deliveries, stored[-1].where(is_new_ending & F.col(_NUMBER).isNull())]
    found = reduce(lambda one, other: one.union(other), (each.select(_SEQUENCE) for each in whole)).distinct()
    sequences = [row[0] for row in found.collect()]
    single = stored[-1].where(is_new_ending & F.col(_NUMBER).isNotNull()).select(*PLACE).distinct()
    is_whole = _is_one_of(_SEQUENCE, sequences) | (F.col(PART) == ENDING) & F.col(_NUMBER).isNull()
    return [
        each.where(is_whole).unionByName(each.where(~is_whole).join(F.broadcast(single), list(PLACE), "left_semi"))
        for each in stored
    ]


def _is_one_of(column: str, values: Sequence[str | int]) -> "Column":
    from pyspark.sql import functions as F

    return F.coalesce(F.col(column).isin(*values), F.lit(False)) if values else F.lit(False)


def _with_columns(rows: "DataFrame", other: "DataFrame", names: Sequence[str]) -> "DataFrame":
    """The rows in these columns, null in those that only the other rows have."""
    from pyspark.sql import functions as F

    absent = set(names) - set(rows.columns)
    nothing = {name: F.lit(None).cast(other.schema[name].dataType).alias(name) for name in absent}
    return rows.select(*(nothing.get(name, F.col(name)) for name in names))
