"""Delta tables on MinIO, and PostgreSQL as control and source database."""

import stat
import subprocess
from concurrent.futures import ThreadPoolExecutor

import pyarrow as pa
import pytest
from deltalake import DeltaTable, write_deltalake
from deltalake.exceptions import CommitFailedError
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.exc import ProgrammingError, SQLAlchemyError
from tenacity import retry, retry_if_exception_type, stop_after_attempt, wait_random

from spark_jobs.control.database import engine
from spark_jobs.lake.storage.paths import storage_options, table_uri
from tests.stack.running_stack import COMMAND, Stack

WRITERS, APPENDS = 4, 5


def test_concurrent_appends_lose_no_row(stack: Stack) -> None:
    uri, options = table_uri("bronze", "concurrent_appends", stack.settings), storage_options(stack.settings)
    assert uri == "s3://lake/bronze/concurrent_appends"

    @retry(retry=retry_if_exception_type(CommitFailedError), stop=stop_after_attempt(10), wait=wait_random(0, 0.2))
    def append(number: int) -> None:
        write_deltalake(uri, pa.table({"number": [number]}), mode="append", storage_options=options)

    append(0)
    with ThreadPoolExecutor(WRITERS) as threads:
        list(threads.map(append, range(1, WRITERS * APPENDS + 1)))
    table = DeltaTable(uri, storage_options=options)
    assert sorted(table.to_pyarrow_table()["number"].to_pylist()) == list(range(WRITERS * APPENDS + 1))
    assert table.version() == WRITERS * APPENDS


def test_the_control_database_is_migrated_and_writable(stack: Stack) -> None:
    control = engine(stack.settings.control_database)
    assert control.dialect.name == "postgresql"
    assert "alembic_version" in inspect(control).get_table_names()
    with control.begin() as connection:
        connection.execute(text("create temporary table probe (name text) on commit drop"))
        connection.execute(text("insert into probe values ('收件')"))
        assert connection.execute(text("select name from probe")).scalar() == "收件"


def test_the_pipeline_reads_a_bureau_and_changes_nothing(stack: Stack) -> None:
    with create_engine(stack.source_owner_url).begin() as owner:
        owner.execute(text("create table probe (name text)"))
        owner.execute(text("insert into probe values ('办件')"))
    reader = create_engine(stack.settings.sources["government_service"].get_secret_value())
    with reader.connect() as connection:
        assert connection.execute(text("select name from probe")).scalar() == "办件"
    for change in ("delete from probe", "create table other (name text)"):
        with reader.connect() as connection, pytest.raises(SQLAlchemyError):
            connection.execute(text(change))
    with reader.connect() as connection, pytest.raises(ProgrammingError, match="permission denied"):
        connection.execute(text("set transaction read write"))
        connection.execute(text("delete from probe"))


def test_a_role_reaches_its_own_database_only(stack: Stack) -> None:
    elsewhere = stack.settings.control_database.removesuffix("/control") + "/airflow"
    with pytest.raises(SQLAlchemyError, match="permission denied for database"):
        create_engine(elsewhere).connect()


def test_secrets_are_for_their_owner_only(stack: Stack) -> None:
    files = [stack.home / "stack.env", *(stack.home / "secrets").rglob("*.*")]
    assert {stat.S_IMODE(file.stat().st_mode) for file in files if file.is_file()} == {0o600}


def test_up_again_changes_nothing(stack: Stack) -> None:
    before = (stack.home / "stack.env").read_text()
    subprocess.run(
        [*COMMAND, "up"],
        env={"PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin", **stack.env},
        check=True,
        capture_output=True,
    )
    assert (stack.home / "stack.env").read_text() == before
    status = subprocess.run([*COMMAND, "status"], env={"PATH": "/usr/bin:/bin", **stack.env}, check=False)
    assert status.returncode == 0
