"""Questions to the lake in SQL without Spark: DuckDB over delta-rs, read-only, about a second."""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from difflib import get_close_matches
from threading import Timer

import duckdb
import pyarrow as pa
import pyarrow.dataset as ds

from spark_jobs.ask.repaired import repaired_rows
from spark_jobs.base.errors import LakeError
from spark_jobs.base.settings import Settings, settings
from spark_jobs.control import recalls
from spark_jobs.control.publication import last_published
from spark_jobs.lake.server.conf import SESSION_TIME_ZONE
from spark_jobs.lake.silver.parts import ENDING, PART, is_in_parts, read_columns, settled_sql, state_sql
from spark_jobs.lake.storage import tables
from spark_jobs.lake.storage.arrow import dataset, lake_filesystem
from spark_jobs.lake.storage.paths import LAYERS, Layer
from spark_jobs.lake.storage.stored import stored_tables

_CLOSED = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    # A name in a query is a table of the lake, never a variable of this program.
    "python_enable_replacements": "false",
    # What does not fit into memory is refused: nothing of the lake is left in a folder of whoever asks.
    "temp_directory": "",
}
_BATCH_ROWS = 10_000
_QUOTES_A_VALUE = (duckdb.ConversionException, duckdb.InvalidInputException, duckdb.OutOfRangeException)
"""Errors whose text may hold what stands in a row."""
_READS = ("SELECT", "WITH", "FROM", "DESCRIBE", "SHOW", "SUMMARIZE")
_COMMENT = re.compile(r"^(\s+|--[^\n]*(\n|$)|/\*.*?\*/)*", re.DOTALL)
_SHOW_TABLES = re.compile(r"SHOW\s+(ALL\s+)?TABLES\s*;?\s*$", re.IGNORECASE)


def query(text: str, unverified: bool = True) -> pa.Table:
    """The answer to one SQL query over `layer.table` names; `SHOW TABLES` lists what there is.

    Only the tables that the query names are opened, each at its newest version. Moments come out in the city's time;
    within the query they are UTC.

    Args:
        text: the query.
        unverified: also of silver the newest version, not the one that verify published.

    Raises:
        LakeError: it is not a single read, names a table that does not exist or of which nothing is published, DuckDB
            refuses it, or it needs more time or memory than the settings allow.
    """
    if _SHOW_TABLES.match(_COMMENT.sub("", text)):
        return _listing()
    with asking([text], unverified) as ask:
        return ask(text)


@contextmanager
def asking(texts: Sequence[str], unverified: bool = True) -> Iterator[Callable[[str], pa.Table]]:
    """What answers these queries, as `query` does, in one session: a table is opened once, however many name it.

    Raises:
        LakeError: as `query`; what one query alone is refused for, when it is asked.
    """
    at = settings()
    limits = {"memory_limit": f"{int(at.sql_memory)}B", "threads": str(at.sql_threads)}
    connection = duckdb.connect(config=_CLOSED | limits)
    try:
        with _told(at):
            for text in texts:
                _require_read(connection, text)
            for layer, table in sorted({name for text in texts for name in _names(connection, text)}):
                _open(connection, layer, table, unverified)
            # From here on a query reaches nothing but these tables: no file, no address, no other setting.
            connection.execute("SET enable_external_access = false")
            connection.execute("SET lock_configuration = true")

        def ask(text: str) -> pa.Table:
            with _told(at), _in_time(connection, at):
                _require_read(connection, text)
                return _local_times(_fetched(connection, text, at))

        yield ask
    finally:
        connection.close()


@contextmanager
def _told(at: Settings) -> Iterator[None]:
    """What DuckDB refuses in the block, in our words and without values."""
    try:
        yield
    except duckdb.OutOfMemoryException:
        raise _too_large(at) from None
    except _QUOTES_A_VALUE as error:
        raise LakeError(
            f"a value cannot be converted, or is out of range ({type(error).__name__})",
            "TRY_CAST gives null in its place, and a condition on that finds its row",
        ) from None
    except duckdb.Error as error:
        raise LakeError(f"the query failed: {error}", "correct it; SHOW TABLES lists the tables") from None


@contextmanager
def _in_time(connection: duckdb.DuckDBPyConnection, at: Settings) -> Iterator[None]:
    """The query of the block ends by itself, or after the time that it may take."""
    clock = Timer(at.sql_seconds, connection.interrupt)
    clock.daemon = True
    clock.start()
    try:
        yield
    except duckdb.InterruptException:
        raise LakeError(
            f"the query was stopped after {at.sql_seconds:g} s",
            "narrow it: fewer columns, a condition on _business_date; LAKE_SQL_SECONDS allows more",
        ) from None
    finally:
        clock.cancel()


def _fetched(connection: duckdb.DuckDBPyConnection, text: str, at: Settings) -> pa.Table:
    """The whole answer; its own memory is counted apart from that of the query."""
    reader = connection.execute(text).to_arrow_reader(_BATCH_ROWS)
    batches, size = [], 0
    for batch in reader:
        batches.append(batch)
        size += batch.nbytes
        if size > at.sql_memory:
            raise _too_large(at)
    return pa.Table.from_batches(batches, reader.schema)


def _too_large(at: Settings) -> LakeError:
    return LakeError(
        f"the query or its answer needs more memory than {at.sql_memory.human_readable()}",
        "narrow it: fewer columns, a condition, LIMIT; LAKE_SQL_MEMORY allows more",
    )


def _require_read(connection: duckdb.DuckDBPyConnection, text: str) -> None:
    words = _COMMENT.sub("", text).lstrip("( \t\r\n").split(None, 1)
    statements = connection.extract_statements(text)
    is_read = bool(words) and words[0].upper().rstrip("(*") in _READS
    if len(statements) != 1 or not is_read or statements[0].type != duckdb.StatementType.SELECT:
        raise LakeError("only one reading query is allowed", f"begin it with one of {', '.join(_READS)}")


def _names(connection: duckdb.DuckDBPyConnection, text: str) -> list[tuple[Layer, str]]:
    found = []
    for name in sorted(connection.get_table_names(text, qualified=True)):
        parts = name.split(" AS ")[0].replace('"', "").split(".")
        layer = next((layer for layer in LAYERS if layer == parts[0].lower()), None)
        if layer is not None and len(parts) == 2:
            found.append((layer, parts[1]))
    return found


def _open(connection: duckdb.DuckDBPyConnection, layer: Layer, table: str, unverified: bool) -> None:
    if "/" in table or not tables.exists(layer, table):
        raise LakeError(f"there is no table {layer}.{table}", _similar(layer, table))
    rows = dataset(layer, table, None if unverified or layer != "silver" else _published(table))
    connection.register(f"{layer}/{table}", rows)
    connection.execute(f'CREATE SCHEMA IF NOT EXISTS "{layer}"')
    seen = _quarantine_seen(connection, table) if layer == "quarantine" else _seen(layer, table, rows)
    connection.execute(f'CREATE VIEW "{layer}"."{table}" AS {seen}')


def _published(table: str) -> int:
    feed = table.replace("__", "/", 1)
    version = last_published(feed)
    if version is None:
        raise LakeError(
            f"nothing of silver.{table} is published yet",
            f"lake receipts --feed {feed} says what came of its deliveries; lake verify {feed} publishes what was "
            "refined, lake sql --unverified shows it before",
        )
    return version


def _seen(layer: Layer, table: str, rows: ds.FileSystemDataset) -> str:
    """What a query sees of a table: all of it, of silver the rows with the validity that they have.

    Rows of recalled deliveries, which stay in bronze and quarantine as evidence, say so in `_recalled`.
    """
    source, columns = f'"{layer}/{table}"', rows.schema.names
    if layer == "bronze" and "_delivery_id" in columns:
        return f"SELECT *, {_is_recalled(table)} AS _recalled FROM {source}"
    if layer != "silver" or not is_in_parts(columns):
        return f"SELECT * FROM {source}"
    has_endings = any(f"{PART}={ENDING}/" in path for path in rows.files)
    return (state_sql if has_endings else settled_sql)(source, read_columns(columns))


def _is_recalled(table: str) -> str:
    """The condition on `_delivery_id` that a row is of a recalled delivery."""
    names = ", ".join(f"'{name}'" for name in recalls.of_feed(table.replace("__", "/", 1)))
    return f"(_delivery_id IN ({names}))" if names else "false"


def _quarantine_seen(connection: duckdb.DuckDBPyConnection, table: str) -> str:
    """Quarantined rows with what has closed each: `_repair` is open, repaired, returned, superseded or recalled."""
    connection.register(f"repairs/{table}", repaired_rows(table.replace("__", "/", 1)))
    recalled = _is_recalled(table)
    return (
        f"SELECT rows.*, CASE WHEN {recalled} THEN 'recalled' ELSE coalesce(closed.how, 'open') END AS _repair, "
        f"closed.by_delivery AS _repaired_by, {recalled} AS _recalled "
        f'FROM "quarantine/{table}" rows LEFT JOIN "repairs/{table}" closed '
        "ON rows._delivery_id = closed.delivery_id AND rows._row_number = closed.row_number"
    )


def _similar(layer: Layer, table: str) -> str:
    names = _listing().column("table").to_pylist()
    close = get_close_matches(f"{layer}.{table}", names, n=5, cutoff=0.5)
    return f"perhaps: {', '.join(close)}" if close else "SHOW TABLES lists the tables"


def _listing() -> pa.Table:
    filesystem, root = lake_filesystem(settings())
    names = [f"{layer}.{table}" for layer in LAYERS for table in stored_tables(filesystem, root, layer)]
    return pa.table({"table": pa.array(names, pa.string())})


def _local_times(table: pa.Table) -> pa.Table:
    def local(kind: pa.DataType) -> pa.DataType:
        has_zone = pa.types.is_timestamp(kind) and kind.tz is not None
        return pa.timestamp(kind.unit, tz=SESSION_TIME_ZONE) if has_zone else kind

    return table.cast(pa.schema([field.with_type(local(field.type)) for field in table.schema]))
