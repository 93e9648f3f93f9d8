"""Questions to the lake in SQL without Spark: DuckDB over delta-rs, read-only, about a second."""

import csv
import json
import re
from difflib import get_close_matches
from io import StringIO
from typing import Any, Literal

import duckdb
import pyarrow as pa
from rich.console import Console
from rich.table import Table
from rich.text import Text

from spark_jobs.base.errors import LakeError
from spark_jobs.base.settings import settings
from spark_jobs.intake.formats.machinery.formula_text import escape_formula
from spark_jobs.lake.server.conf import SESSION_TIME_ZONE
from spark_jobs.lake.server.registration import stored_tables
from spark_jobs.lake.storage import tables
from spark_jobs.lake.storage.arrow import dataset, lake_filesystem
from spark_jobs.lake.storage.paths import LAYERS, Layer

Format = Literal["csv", "json", "table"]

_CLOSED = {"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}
_READS = ("SELECT", "WITH", "FROM", "DESCRIBE", "SHOW", "SUMMARIZE")
_COMMENT = re.compile(r"^(\s+|--[^\n]*(\n|$)|/\*.*?\*/)*", re.DOTALL)
_SHOW_TABLES = re.compile(r"SHOW\s+(ALL\s+)?TABLES\s*;?\s*$", re.IGNORECASE)


def query(text: str) -> pa.Table:
    """The answer to one SQL query over `layer.table` names; `SHOW TABLES` lists what there is.

    Only the tables that the query names are opened, each at its newest version. Moments come out in the city's time;
    within the query they are UTC.

    Raises:
        LakeError: it is not a single read, names a table that does not exist, or DuckDB refuses it.
    """
    if _SHOW_TABLES.match(_COMMENT.sub("", text)):
        return _listing()
    connection = duckdb.connect(config=_CLOSED)
    try:
        _require_read(connection, text)
        for layer, table in _names(connection, text):
            _open(connection, layer, table)
        # From here on the query reaches nothing but these tables: no file, no address, no other setting.
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
        return _local_times(connection.execute(text).to_arrow_table())
    except duckdb.Error as error:
        raise LakeError(f"the query failed: {error}", "correct it; SHOW TABLES lists the tables") from None
    finally:
        connection.close()


def render(table: pa.Table, form: Format) -> str:
    """An answer as text: `csv` for spreadsheets (formulas escaped), `json` with one object a line, or a `table`."""
    if form == "csv":
        return _csv(table)
    if form == "json":
        rows = (json.dumps(row, ensure_ascii=False, default=str) for row in table.to_pylist())
        return "[" + ",\n ".join(rows) + "]\n"
    return _text_table(table)


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


def _open(connection: duckdb.DuckDBPyConnection, layer: Layer, table: str) -> None:
    if "/" in table or not tables.exists(layer, table):
        raise LakeError(f"there is no table {layer}.{table}", _similar(layer, table))
    connection.register(f"{layer}/{table}", dataset(layer, table))
    connection.execute(f'CREATE SCHEMA IF NOT EXISTS "{layer}"')
    connection.execute(f'CREATE VIEW "{layer}"."{table}" AS SELECT * FROM "{layer}/{table}"')


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


def _csv(table: pa.Table) -> str:
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([escape_formula(name) for name in table.column_names])
    for row in zip(*(column.to_pylist() for column in table.columns), strict=True):
        writer.writerow([escape_formula(cell) if isinstance(cell, str) else _plain(cell) for cell in row])
    return text.getvalue()


def _text_table(table: pa.Table) -> str:
    shown = Table()
    for name in table.column_names:
        shown.add_column(Text(_visible(name)))
    for row in zip(*(column.to_pylist() for column in table.columns), strict=True):
        shown.add_row(*(Text("" if cell is None else _visible(str(cell))) for cell in row))
    text = StringIO()
    # As wide as the widest row: the terminal may fold it, but no cell is cut.
    console = Console(file=text, width=10_000)
    console.print(shown)
    return text.getvalue()


def _plain(cell: Any) -> Any:
    return json.dumps(cell, ensure_ascii=False, default=str) if isinstance(cell, dict | list) else cell


def _visible(text: str) -> str:
    """Without the control characters that would drive the reader's terminal."""
    return "".join(letter if letter.isprintable() else f"\\x{ord(letter):02x}" for letter in text)
