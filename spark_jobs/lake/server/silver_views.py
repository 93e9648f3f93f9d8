"""Silver in the catalogue: of each feed the table as it is stored, and the view that everyone reads.

The view is of the version that verify published when the server was started or the warehouse built; whoever needs a
certain version asks `history.<table> VERSION AS OF`, for a view has none.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from spark_jobs.control.publication import published_versions
from spark_jobs.lake.silver.parts import is_in_parts, read_columns, state_sql
from spark_jobs.lake.storage import tables
from spark_jobs.lake.storage.paths import spark_table_uri, zone_uri

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

STORED = "history"
"""Schema of the tables as they are stored."""


def renew(spark: "SparkSession", stored: Iterable[str]) -> list[str]:
    """Enter silver tables that are in storage, each view of the version that is published; gives names that are new.

    Args:
        spark: a session of the lake server.
        stored: names of the tables.
    """
    spark.sql(f"CREATE SCHEMA IF NOT EXISTS {STORED} LOCATION '{zone_uri('lake', 's3a')}/silver'")
    published, known = published_versions(), _known(spark)
    entered = []
    for table in stored:
        version = published.get(table)
        if known.get(table) == _comment(version):
            continue
        spark.sql(
            f"CREATE TABLE IF NOT EXISTS {STORED}.{table} USING DELTA LOCATION '{spark_table_uri('silver', table)}'"
        )
        if table in known and known[table] is None:
            # A lake of an earlier version has the table itself there; its files stay where they are.
            spark.sql(f"DROP TABLE silver.{table}")
        comment = _comment(version)
        spark.sql(f"CREATE OR REPLACE VIEW silver.{table} COMMENT '{comment}' AS {_select(table, version)}")
        if table not in known:
            entered.append(table)
    return entered


def _comment(version: int | None) -> str:
    return "nothing is published" if version is None else f"published version {version}"


def _known(spark: "SparkSession") -> dict[str, str | None]:
    """Comment of each view of silver, None of what is no view."""
    found: dict[str, str | None] = {}
    for row in spark.sql("SHOW TABLE EXTENDED IN silver LIKE '*'").collect():
        facts = dict(line.split(": ", 1) for line in row["information"].splitlines() if ": " in line)
        found[row["tableName"]] = facts.get("Comment", "") if facts.get("Type") == "VIEW" else None
    return found


def _select(table: str, version: int | None) -> str:
    columns = tables.columns("silver", table, version)
    if version is None:
        return f"SELECT {', '.join(read_columns(columns))} FROM {STORED}.{table} WHERE false"
    source = f"{STORED}.{table} VERSION AS OF {version}"
    return state_sql(source, read_columns(columns)) if is_in_parts(columns) else f"SELECT * FROM {source}"
