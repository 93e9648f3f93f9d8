"""Runs migrations on the connection that database.py hands over."""

from alembic import context

connection = context.config.attributes["connection"]
if connection.dialect.name == "postgresql":
    connection.exec_driver_sql("select pg_advisory_xact_lock(421200)")
context.configure(connection=connection)
context.run_migrations()
