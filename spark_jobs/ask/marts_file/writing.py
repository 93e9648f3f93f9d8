"""Write what analysts are given as one database of DuckDB, whole or not at all."""

import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb
import pyarrow as pa

from spark_jobs.ask.marts_file.contents import Contents, Given, contents
from spark_jobs.base.errors import LakeError
from spark_jobs.base.logs import logger
from spark_jobs.base.settings import CITY_TIME, settings
from spark_jobs.control.exclusive import exclusive
from spark_jobs.lake.storage.arrow import dataset

_NAME = "xianning.duckdb"
_SCHEMAS = ("marts", "reference")
_QUESTIONS = """create table marts.questions
    (theme varchar, name varchar, question varchar, sql varchar);
comment on table marts.questions is '可直接运行的示例查询。Questions with the SQL that answers them here.'"""
_ABOUT = """create table marts.about (build bigint, built_at timestamp, data_until date, made_at timestamp);
comment on table marts.about is '本文件的批次和时间（北京时间）。Of which build these tables are, and when.';
comment on column marts.about.build is '仓库构建编号。Number of the build of the warehouse.';
comment on column marts.about.built_at is '构建时间。When it was built.';
comment on column marts.about.data_until is '数据截至的业务日期。Newest business date that is in the tables.';
comment on column marts.about.made_at is '本文件生成时间。When this file was made.'"""
log = logger("marts")


@dataclass(frozen=True)
class Written:
    """What became of the file.

    Args:
        path: where it is.
        contents: what is in it.
        rows: of all its tables.
        size: in bytes.
    """

    path: Path
    contents: Contents
    rows: int
    size: int


def default_path() -> Path:
    """Where the file is written unless told otherwise."""
    return settings().home / "analysts" / _NAME


def write(to: Path | None = None) -> Written:
    """Write the file beside itself and put it in its place: who has the old one open keeps that.

    It is private, unless it replaces one that was given to a group: then it is given as that was.

    Raises:
        LakeError: nothing is built, or the file cannot be written, have this name or be given to that group.
    """
    path = to or default_path()
    _require_usable(path)
    given = contents()
    try:
        with exclusive("marts file"), _part_of(path) as part:
            rows = _fill(part, given)
            _give_as(path, part)
            part.replace(path)
    except (OSError, duckdb.OperationalError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error).partition("\n")[0]
        raise LakeError(
            f"{path} could not be written: {reason}",
            "see that its folder can be written and has room, and LAKE_SQL_MEMORY; the file of before is as it was",
        ) from error
    written = Written(path, given, rows, path.stat().st_size)
    log.info("written", build=given.build, tables=len(given.tables), rows=rows, bytes=written.size)
    return written


def _require_usable(path: Path) -> None:
    if path.stem.lower() in _SCHEMAS:
        raise LakeError(
            f"a database named {path.stem} cannot be asked for {path.stem}.…: its schema has the same name",
            f"name the file otherwise, for example {path.with_name(_NAME)}",
        )
    if path.is_dir():
        raise LakeError(f"{path} is a folder", f"name a file in it: {path / _NAME}")


@contextmanager
def _part_of(path: Path) -> Iterator[Path]:
    """The file under another name, with nothing left of it, or of what DuckDB puts beside it, before and after."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    _clear(part)
    try:
        yield part
    finally:
        _clear(part)


def _clear(part: Path) -> None:
    part.unlink(missing_ok=True)
    Path(f"{part}.wal").unlink(missing_ok=True)
    shutil.rmtree(f"{part}.tmp", ignore_errors=True)


def _give_as(path: Path, part: Path) -> None:
    """Give the new file to those to whom the old one is given."""
    if not path.exists():
        return
    old = path.stat()
    try:
        os.chown(part, -1, old.st_gid)
    except PermissionError:
        raise LakeError(
            f"the new {path} cannot be given to the group with the number {old.st_gid}, as the old one was",
            "add the lake's user to that group and log in again, or remove the old file",
        ) from None
    part.chmod(stat.S_IMODE(old.st_mode))


def _fill(part: Path, given: Contents) -> int:
    """Make all tables of a new database; gives how many rows they have."""
    at = settings()
    limits = {"memory_limit": f"{int(at.sql_memory)}B", "threads": str(at.sql_threads)}
    closed = {"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}
    with duckdb.connect(part, config=limits | closed) as database:
        for schema in _SCHEMAS:
            database.execute(f"create schema {schema}")
        rows = sum(_copy(database, table) for table in given.tables)
        _say_what_it_is(database, given)
        database.execute("checkpoint")
    return rows


def _copy(database: duckdb.DuckDBPyConnection, table: Given) -> int:
    rows = dataset(table.layer, table.name, table.version)
    name = f"{table.layer}.{_quoted(table.name)}"
    database.register("stored", rows)
    # One commit a table: each of its many comments would wait for the disk by itself.
    database.begin()
    found = database.execute(f"create table {name} as select {_columns(rows.schema)} from stored").fetchone()
    _comment(database, f"table {name}", table.described.text)
    for column in rows.schema.names:
        _comment(database, f"column {name}.{_quoted(column)}", table.described.columns.get(column, ""))
    database.commit()
    database.unregister("stored")
    return int(found[0]) if found else 0


def _columns(schema: pa.Schema) -> str:
    """All columns; moments in the city's time, whatever zone their reader is in."""
    return ", ".join(
        f"timezone('{CITY_TIME.key}', {_quoted(field.name)}) as {_quoted(field.name)}"
        if pa.types.is_timestamp(field.type) and field.type.tz is not None
        else _quoted(field.name)
        for field in schema
    )


def _comment(database: duckdb.DuckDBPyConnection, on: str, text: str) -> None:
    if text:
        literal = text.replace("'", "''")
        database.execute(f"comment on {on} is '{literal}'")


def _quoted(name: str) -> str:
    doubled = name.replace('"', '""')
    return f'"{doubled}"'


def _say_what_it_is(database: duckdb.DuckDBPyConnection, given: Contents) -> None:
    database.execute(_QUESTIONS)
    asked = [[each.theme, each.name, each.question, each.query.strip()] for each in given.questions]
    if asked:
        database.executemany("insert into marts.questions values (?, ?, ?, ?)", asked)
    database.execute(_ABOUT)
    times = [each.astimezone(CITY_TIME).replace(tzinfo=None) for each in (given.built_at, datetime.now(CITY_TIME))]
    database.execute("insert into marts.about values (?, ?, ?, ?)", [given.build, times[0], given.data_until, times[1]])
