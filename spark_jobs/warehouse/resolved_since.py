"""What entity resolution says otherwise than at a version: of the mentions of which feeds, in which columns.

Resolution writes tables anew of which a thousandth has changed. Files that both versions have are not read, and rows of
the others are compared by sums of hashes: a column is as it was where the sum over all rows is.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow.dataset as ds

from spark_jobs.base.logs import logger
from spark_jobs.lake.storage.arrow import dataset

if TYPE_CHECKING:
    import duckdb

log = logger("warehouse")


@dataclass(frozen=True)
class Golden:
    """How the rows of an entity's table differ.

    Args:
        rows: entities came or went.
        columns: in which those that stayed say something else.
    """

    rows: bool
    columns: frozenset[str]


def feeds_resolved_otherwise(entity: str, before: Mapping[str, int]) -> frozenset[str] | None:
    """Feeds of which a mention came, went, or is another entity than at these versions; None where that is not known.

    Args:
        entity: its name in the spec.
        before: versions of the tables of records and members.
    """
    records, members = f"{entity}_record", f"{entity}_member"
    with _read() as connection:
        if not (_enter(connection, members, before[members]) and _enter(connection, records, before[records])):
            return None
        found = connection.execute(f"""
            with moved as (
              (select node_id, {entity}_id from {members}_came except select node_id, {entity}_id from {members}_went)
              union all
              (select node_id, {entity}_id from {members}_went except select node_id, {entity}_id from {members}_came)
            ),
            content as (
              select feed, 1 as side, hash(role, _delivery_id, _row_number, node_id)::hugeint as said
              from {records}_came
              union all
              select feed, -1, hash(role, _delivery_id, _row_number, node_id)::hugeint from {records}_went
            )
            select feed from content group by feed having sum(side) <> 0 or sum(side * said) <> 0
            union
            select feed from {records} where node_id in (select node_id from moved)
        """).fetchall()
    return frozenset(feed for (feed,) in found)


def golden(entity: str, before: int) -> Golden | None:
    """How golden records differ from those of a version; None where that is not known."""
    with _read() as connection:
        if not _enter(connection, entity, before):
            return None
        went, came = (connection.table(f"{entity}_{side}").columns for side in ("went", "came"))
        if went != came:
            return None
        key = f"{entity}_id"
        sums = ", ".join(f"coalesce(sum(hash({key}, {name})::hugeint), 0) as {name}" for name in came)
        then, now = (
            connection.execute(f"select count(*), {sums} from {entity}_{side}").fetchone() for side in ("went", "came")
        )
    apart = {name for name, *both in zip(("", *came), then or (), now or (), strict=True) if both[0] != both[1]}
    return Golden(bool(apart & {"", key}), frozenset(apart - {"", key}))


@contextmanager
def _read() -> "Iterator[duckdb.DuckDBPyConnection]":
    # Its import starts a thread, which a warm start must not have.
    import duckdb

    with duckdb.connect() as connection:
        yield connection


def _enter(connection: "duckdb.DuckDBPyConnection", table: str, before: int) -> bool:
    """Make a table known, and as `…_went` and `…_came` its rows in files that only one version has.

    Returns:
        Whether the files of the earlier version are there.
    """
    now, then = dataset("entities", table), dataset("entities", table, before)
    paths = [{each.path for each in version.get_fragments()} for version in (now, then)]
    came, went = _of_files(now, paths[0] - paths[1]), _of_files(then, paths[1] - paths[0])
    for name, rows in ((table, now), (f"{table}_came", came), (f"{table}_went", went)):
        connection.register(name, rows)
    try:
        went.count_rows()
    except OSError:
        log.info("files of a version are gone", table=f"entities.{table}", version=before)
        return False
    return True


def _of_files(version: ds.FileSystemDataset, paths: set[str]) -> ds.FileSystemDataset:
    fragments = [each for each in version.get_fragments() if each.path in paths]
    return ds.FileSystemDataset(fragments, version.schema, version.format, version.filesystem)
