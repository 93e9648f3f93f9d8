"""Migrate the metadata database and make the pool, in one process: each `airflow` command costs seconds to start."""

import argparse
import sqlite3
from pathlib import Path

from spark_jobs.base.privacy import keep_private

POOL = "lake"


def prepare(slots: int, database: Path | None) -> None:
    """Bring the metadata database to the installed version, with a pool `lake` of that many slots.

    Args:
        slots: tasks that may run at once.
        database: the SQLite file, None for a server.
    """
    if database is not None:
        _write_ahead(database)
    from airflow.models.pool import Pool
    from airflow.utils import db

    db.initdb()
    Pool.create_or_update_pool(POOL, slots, "Every task of the lake", include_deferred=False)


def _write_ahead(database: Path) -> None:
    """Readers do not wait for a writer; the file remembers it."""
    connection = sqlite3.connect(database)
    try:
        connection.execute("PRAGMA journal_mode=WAL")
    finally:
        connection.close()


if __name__ == "__main__":
    keep_private()
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--slots", type=int, required=True)
    parser.add_argument("--database", type=Path)
    given = parser.parse_args()
    prepare(given.slots, given.database)
