"""The statements that dbt makes beside queries, each as what Sail and delta-rs do for it.

Sail reads Delta and knows its catalogue's tables, but its writer is not used, and of what dbt asks a catalogue it
understands little. What is not listed here goes to Sail as it is.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from spark_jobs.lake.sail.dbt_catalogue import Catalogue
from spark_jobs.lake.sail.dbt_tables import BuiltTables
from spark_jobs.lake.storage.paths import Layer

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

_COMMENT = re.compile(r"\A\s*(?:/\*.*?\*/|--[^\n]*\n)\s*", re.DOTALL)
_PROPERTY = re.compile(r"'([^']+)'\s*=\s*'([^']*)'")


@dataclass(frozen=True)
class Session:
    """A session of Sail with what a build needs beside it."""

    spark: "SparkSession"
    catalogue: Catalogue
    tables: BuiltTables

    def run(self, sql: str) -> "DataFrame | None":
        """Run a statement; gives its answer, None where it has none."""
        text = _without_comments(sql)
        self.catalogue.meet(text)
        for pattern, act in _STATEMENTS:
            if found := pattern.fullmatch(text):
                return act(self, found)
        return self.spark.sql(text)


def _without_comments(sql: str) -> str:
    text = sql.strip()
    while found := _COMMENT.match(text):
        text = text[found.end() :]
    return text


def _create_table(session: Session, said: re.Match[str]) -> None:
    layer, table = cast(Layer, said["layer"]), said["table"]
    rows = session.spark.sql(said["query"])
    columns = [each.strip() for each in (said["partition"] or "").split(",") if each.strip()]
    session.tables.replace(layer, table, rows, columns, dict(_PROPERTY.findall(said["properties"] or "")))
    session.catalogue.enter_table(layer, table)


def _create_view(session: Session, said: re.Match[str]) -> None:
    session.catalogue.enter_view(cast(Layer, said["layer"]), said["table"], session.spark.sql(said["query"]))


def _create_temporary_view(session: Session, said: re.Match[str]) -> None:
    session.spark.sql(said["query"]).createOrReplaceTempView(said["table"])


def _drop(session: Session, said: re.Match[str]) -> None:
    if said["layer"]:
        session.catalogue.forget(cast(Layer, said["layer"]), said["table"])
    else:
        session.spark.catalog.dropTempView(said["table"])


def _insert_overwrite(session: Session, said: re.Match[str]) -> None:
    layer, table = cast(Layer, said["layer"]), said["table"]
    session.tables.replace_partitions(layer, table, session.spark.sql(said["query"]))
    session.catalogue.enter_table(layer, table)


def _insert(session: Session, said: re.Match[str]) -> None:
    session.tables.add(cast(Layer, said["layer"]), said["table"], session.spark.sql(said["query"]))


def _delete(session: Session, said: re.Match[str]) -> None:
    session.tables.delete(cast(Layer, said["layer"]), said["table"], said["predicate"])


def _show_tables(session: Session, said: re.Match[str]) -> "DataFrame":
    kind = "namespace string, tableName string, isTemporary boolean, information string"
    return session.spark.createDataFrame(session.catalogue.relations(cast(Layer, said["layer"])), kind)


def _describe(session: Session, said: re.Match[str]) -> "DataFrame":
    columns: list[tuple[Any, ...]] = [
        (each.name, each.dataType.simpleString(), None) for each in session.spark.table(said["name"]).schema
    ]
    return session.spark.createDataFrame(
        [*columns, ("", "", None)], "col_name string, data_type string, comment string"
    )


def _show_properties(session: Session, said: re.Match[str]) -> "DataFrame":
    found = session.catalogue.properties(cast(Layer, said["layer"]), said["table"])
    return session.spark.createDataFrame(found, "key string, value string")


def _nothing(_session: Session, _said: re.Match[str]) -> None:
    """What only the lake server needs to be told."""


_NAME = r"(?P<layer>\w+)\.(?P<table>\w+)"


def _statement(pattern: str) -> re.Pattern[str]:
    return re.compile(r"\s+".join(pattern.split(" ")), re.DOTALL | re.IGNORECASE)


_STATEMENTS: tuple[tuple[re.Pattern[str], Callable[[Session, re.Match[str]], "DataFrame | None"]], ...] = (
    (
        _statement(
            rf"create or replace table {_NAME} using delta"
            r"(?:\s+tblproperties\s*\((?P<properties>.*?)\))?(?:\s+partitioned\s+by\s*\((?P<partition>[^)]*)\))?"
            r"(?:\s+location\s+'[^']*')? as (?P<query>.*)"
        ),
        _create_table,
    ),
    (_statement(rf"create or replace view {_NAME} as (?P<query>.*)"), _create_view),
    (_statement(r"create or replace temporary view (?P<table>\w+) as (?P<query>.*)"), _create_temporary_view),
    (_statement(r"drop (?:table|view) if exists (?:(?P<layer>\w+)\.)?(?P<table>\w+)"), _drop),
    (_statement(rf"insert overwrite table {_NAME} partition\s*\([^)]*\) (?P<query>.*)"), _insert_overwrite),
    (_statement(rf"insert into table {_NAME} (?P<query>select .*)"), _insert),
    (_statement(rf"delete from {_NAME} where (?P<predicate>.*)"), _delete),
    (_statement(r"show table extended in (?P<layer>\w+) like '\*'"), _show_tables),
    (_statement(r"describe extended (?P<name>[\w.]+)"), _describe),
    (_statement(rf"show tblproperties {_NAME}"), _show_properties),
    (_statement(r"create schema if not exists \w+ location '[^']*'"), _nothing),
    (_statement(r"set [\w.]+ = \w+"), _nothing),
)
"""In the order in which they are tried."""
