"""The approval platform's database: a SQLite file, or the same rows in any other database."""

import sqlite3
from pathlib import Path

from sqlalchemy import Column, MetaData, Table, Text, create_engine, insert

from spark_jobs.city.batch import Batch

TABLE = "approval_case"
_BLOCK = 10_000


class CaseDatabase:
    """A new SQLite database with the table, all columns text as the platform keeps them; an absent value is null."""

    def __init__(self, path: Path, columns: list[str]) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        self._connection = sqlite3.connect(path, isolation_level=None)
        self._connection.execute("pragma journal_mode = off")
        self._connection.execute("pragma synchronous = off")
        self._connection.execute(f"create table {TABLE} ({', '.join(f'{name} text' for name in columns)})")
        self._insert = f"insert into {TABLE} values ({', '.join('?' * len(columns))})"

    def add(self, batch: Batch) -> None:
        """Append the batch's rows."""
        rows = zip(*(_nullable(texts.to_pylist()) for texts in batch.columns.values()), strict=True)
        self._connection.execute("begin")
        self._connection.executemany(self._insert, rows)
        self._connection.execute("commit")

    def close(self) -> None:
        """Index the time of change, as the platform does, and let go of the file."""
        self._connection.execute(f"create index {TABLE}_updated_at on {TABLE} (updated_at)")
        self._connection.close()


def _nullable(texts: list[str]) -> list[str | None]:
    return [text or None for text in texts]


def load_source(database_url: str, out: Path) -> int:
    """Fill the table of another database with the generated rows; returns how many.

    Args:
        database_url: SQLAlchemy URL, for example of PostgreSQL. An existing table of that name is replaced.
        out: folder that `generate` filled.
    """
    source = sqlite3.connect(out / "sources" / "government_service.db")
    cursor = source.execute(f"select * from {TABLE} order by rowid")
    names = [column[0] for column in cursor.description]
    table = Table(TABLE, MetaData(), *(Column(name, Text) for name in names))
    engine = create_engine(database_url)
    loaded = 0
    with engine.begin() as target:
        table.drop(target, checkfirst=True)
        table.create(target)
        while rows := cursor.fetchmany(_BLOCK):
            target.execute(insert(table), [dict(zip(names, row, strict=True)) for row in rows])
            loaded += len(rows)
    engine.dispose()
    source.close()
    return loaded
