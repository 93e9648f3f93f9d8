"""A table of a source's database: SQLite below `sources/`, or the same rows in any other database."""

import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import Column, MetaData, Table, Text, create_engine, insert

from expectations.contract.feed import FeedContract
from spark_jobs.city.batch import Batch
from spark_jobs.city.slots import Slot
from spark_jobs.city.world.texts import Ints
from spark_jobs.city.write.place import Place

_BLOCK = 10_000
_FIRST_ROW = 1
"""The form in which a pull is kept has no header."""


class SourceTable(Place):
    """A new table, all columns text as the source keeps them; an absent value is null.

    Its rows are numbered as one pull of the whole table would number them.
    """

    def __init__(
        self,
        contract: FeedContract,
        out: Path,
        source: str | None = None,
        table: str | None = None,
        ordered_by: str | None = None,
    ) -> None:
        super().__init__(contract, out)
        self._table, self._ordered_by = table or contract.feed, ordered_by
        self._columns = [column.source for column in contract.columns]
        path = out / "sources" / f"{source or contract.agency}.db"
        path.parent.mkdir(parents=True, exist_ok=True)
        self._connection = sqlite3.connect(path, isolation_level=None)
        self._connection.execute("pragma journal_mode = off")
        self._connection.execute("pragma synchronous = off")
        self._connection.execute(f'drop table if exists "{self._table}"')
        names = ", ".join(f'"{name}" text' for name in self._columns)
        self._connection.execute(f'create table "{self._table}" ({names})')

    def name(self, day: date, part: int, parts: int) -> str:
        """The table, whatever the day."""
        return self._table

    def batch(self, slot: Slot, batch: Batch) -> Ints:
        """Append the batch's rows."""
        self._insert(list(zip(*(texts.to_pylist() for texts in batch.columns.values()), strict=True)))
        return np.arange(batch.rows) + _FIRST_ROW + slot.first

    def sample(self, name: str, day: date, rows: list[dict[str, str]]) -> None:
        """See Place.sample."""
        self._insert([tuple(row[column] for column in self._columns) for row in rows])

    def close(self) -> None:
        """Index the time of change, as such a platform does, and let go of the file."""
        if self._ordered_by:
            name = f"{self._table}_{self._ordered_by}"
            self._connection.execute(f'create index "{name}" on "{self._table}" ("{self._ordered_by}")')
        self._connection.close()

    def _insert(self, rows: list[tuple[str, ...]]) -> None:
        marks = ", ".join("?" * len(self._columns))
        self._connection.execute("begin")
        nullable = (tuple(value or None for value in row) for row in rows)
        self._connection.executemany(f'insert into "{self._table}" values ({marks})', nullable)
        self._connection.execute("commit")


def load_source(database_url: str, out: Path, source: str = "government_service") -> int:
    """Fill another database with the generated tables of a source; returns how many rows they have.

    Args:
        database_url: SQLAlchemy URL, for example of PostgreSQL. Existing tables of those names are replaced.
        out: folder that `generate` filled.
        source: name of the source's connection in the contracts.
    """
    engine = create_engine(database_url)
    with closing(sqlite3.connect(out / "sources" / f"{source}.db")) as generated, engine.begin() as target:
        names = generated.execute("select name from sqlite_master where type = 'table' order by name").fetchall()
        loaded = sum(_copy(generated, target, name) for (name,) in names)
    engine.dispose()
    return loaded


def _copy(generated: sqlite3.Connection, target: Any, name: str) -> int:
    cursor = generated.execute(f'select * from "{name}" order by rowid')
    columns = [column[0] for column in cursor.description]
    table = Table(name, MetaData(), *(Column(column, Text) for column in columns))
    table.drop(target, checkfirst=True)
    table.create(target)
    copied = 0
    while rows := cursor.fetchmany(_BLOCK):
        target.execute(insert(table), [dict(zip(columns, row, strict=True)) for row in rows])
        copied += len(rows)
    return copied
