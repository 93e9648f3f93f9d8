"""Airflow imports this module in each of its processes: SQLite transactions that hold, and imports that tasks share."""

import sys
from importlib import import_module
from typing import Any

from sqlalchemy import Connection, event
from sqlalchemy.engine import Engine


@event.listens_for(Engine, "savepoint")
def _begin_before_savepoint(connection: Connection, _name: str) -> None:
    """Take SQLite's write lock before a savepoint.

    The driver starts no transaction for SAVEPOINT, so what Airflow reads inside it is a snapshot that any other
    process makes stale, and the write after it fails at once with `database is locked`, whatever the time-out
    (apache/airflow#68699: creating a backfill while the scheduler works).
    """
    if connection.dialect.name == "sqlite" and not _in_transaction(connection):
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def _in_transaction(connection: Connection) -> bool:
    raw: Any = connection.connection.driver_connection
    return bool(getattr(raw, "in_transaction", True))


if "scheduler" in sys.argv:
    # Tasks are forks of the scheduler: what it has imported, a task need not import again.
    for module in (
        "airflow.sdk.execution_time.task_runner",
        "airflow.providers.standard.operators.bash",
        "expectations.contract.catalogue",
        "expectations.contract.stagger",
        "expectations.render.feed_doc",
    ):
        import_module(module)
