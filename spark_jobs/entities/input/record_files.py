"""Files of records, CSV or Parquet, as records of a spec: for evaluation and for learning from data at hand."""

from functools import reduce
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F

from expectations.entity_spec import Attribute, EntitySpec, names_of
from spark_jobs.base.errors import LakeError
from spark_jobs.entities.input.text_tables import string_batches, strings
from spark_jobs.entities.match.profiles import profile_id
from spark_jobs.entities.match.roots import attributes_used
from spark_jobs.lake.storage.scratch import Scratch

_PROVENANCE = {
    "feed": "string",
    "_business_date": "date",
    "_delivery_sequence": "bigint",
    "_row_number": "bigint",
}
"""Columns of a mention that files may lack; a file may give them without the underscore."""


def read_records(spark: SparkSession, spec: EntitySpec, files: list[Path], into: Scratch) -> DataFrame:
    """The records of all files: `record_id`, `file_number` (from 0), provenance, the attributes, `profile_id`.

    Columns are found by name, case aside where no name is exactly the same. A column that one of several files lacks
    is null in its records. Where an entity has a value once at most (`one_per`), records that say the same are several
    entities, and so a profile each.

    Raises:
        LakeError: a file is missing, is neither CSV nor Parquet, has no ids or no records, or no file has a column that
            matching uses.
    """
    rows = [_rows_of(spark, spec, path, number, into) for number, path in enumerate(files)]
    _check_columns(spec, [(path, of_file.columns) for path, of_file in zip(files, rows, strict=True)])
    empty = [str(path) for path, of_file in zip(files, rows, strict=True) if of_file.isEmpty()]
    if empty:
        raise LakeError(f"no records in {', '.join(empty)}", "give files with at least one row below the header")
    parts = [_conformed(of_file, spec, files[number], number) for number, of_file in enumerate(rows)]
    identity = profile_id(spec)
    if spec.matching.one_per is not None:
        identity = F.xxhash64(identity, F.col("file_number"), F.col("record_id"))
    return reduce(DataFrame.unionByName, parts).withColumn("profile_id", identity)


def ids_by_row(spec: EntitySpec, path: Path) -> pa.Array:
    """The record ids of one file in the order of its rows."""
    if path.is_dir() or path.suffix == ".parquet":
        table = pq.read_table(path)
    else:
        table = strings(path, spec.records.encoding if spec.records else None)
    named = table[str(column_of(table.column_names, id_names(spec)))].cast(pa.string())
    return pc.utf8_trim_whitespace(named).combine_chunks()


def id_names(spec: EntitySpec) -> tuple[str, ...]:
    """Names that the column of record ids may have."""
    return names_of(spec.records.id) if spec.records else ("record_id",)


def column_of(columns: list[str], names: tuple[str, ...]) -> str | None:
    """The first of the names that there is, exactly or else case aside."""
    by_case = {column.lower(): column for column in columns}
    exact = next((name for name in names if name in columns), None)
    return exact or next((by_case[name.lower()] for name in names if name.lower() in by_case), None)


def _rows_of(spark: SparkSession, spec: EntitySpec, path: Path, number: int, into: Scratch) -> DataFrame:
    if not path.exists():
        raise LakeError(f"there is no file {path}", "check the path after --records")
    if path.is_dir() or path.suffix == ".parquet":
        return spark.read.parquet(str(path.resolve()))
    if path.suffix.lower() not in {".csv", ".txt", ".tsv"}:
        raise LakeError(f"{path} is neither CSV nor Parquet", "give *.csv, *.tsv, *.txt or *.parquet")
    into.write(string_batches(path, spec.records.encoding if spec.records else None), f"file_{number}")
    return into.read(spark, f"file_{number}")


def _check_columns(spec: EntitySpec, files: list[tuple[Path, list[str]]]) -> None:
    for path, columns in files:
        if column_of(columns, id_names(spec)) is None:
            what = f"{path} lacks {' or '.join(id_names(spec))} (the record's id); it has {', '.join(columns)}"
            raise LakeError(what, "name the column in the spec: `records: {id: …}`")
    used = [a for a in spec.attributes if a.name in attributes_used(spec) - {"file"} and not a.optional]
    missing = [
        f"{' or '.join(attribute.sources)} (attribute {attribute.name})"
        for attribute in used
        if all(column_of(columns, attribute.sources) is None for _, columns in files)
    ]
    if missing:
        had = "; ".join(f"{path} has {', '.join(columns)}" for path, columns in files)
        raise LakeError(
            f"no file has {', '.join(missing)}: {had}", "name the column in the spec: `source` of an attribute"
        )


def _quoted(column: str) -> Column:
    return F.col("`" + column.replace("`", "``") + "`")


def _conformed(rows: DataFrame, spec: EntitySpec, path: Path, number: int) -> DataFrame:
    identity = column_of(rows.columns, id_names(spec))
    attributes = [_attribute(rows, spec, a, path) for a in spec.attributes]
    provenance = [_provenance(rows, name, kind, number) for name, kind in _PROVENANCE.items()]
    return rows.select(
        F.trim(_quoted(str(identity)).cast("string")).alias("record_id"),
        F.lit(number).alias("file_number"),
        *provenance,
        *attributes,
    )


def _attribute(rows: DataFrame, spec: EntitySpec, attribute: Attribute, path: Path) -> Column:
    column = column_of(rows.columns, attribute.sources)
    if attribute.name == "file":
        return F.lit(path.stem).alias("file")
    if column is None:
        return F.lit(None).cast(attribute.type).alias(attribute.name)
    text = F.trim(_quoted(column).cast("string"))
    nulls = spec.records.nulls if spec.records else ()
    return F.when(~text.isin(*nulls, ""), text.try_cast(attribute.type)).alias(attribute.name)


def _provenance(rows: DataFrame, name: str, kind: str, number: int) -> Column:
    for given in (name, name.removeprefix("_")):
        if given in rows.columns:
            return _quoted(given).cast("string").try_cast(kind).alias(name)
    stand_in = {"feed": F.lit(f"file_{number}"), "_delivery_sequence": F.lit(number + 1), "_row_number": F.lit(0)}
    return stand_in.get(name, F.lit("1970-01-01")).cast(kind).alias(name)
