"""Files of records, CSV or Parquet, as records of a spec: for evaluation and for learning from data at hand."""

from functools import reduce
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv
from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F

from expectations.entity_spec import EntitySpec
from spark_jobs.entities.profiles import profile_id
from spark_jobs.entities.roots import attributes_used
from spark_jobs.lake.errors import LakeError
from spark_jobs.lake.scratch import Scratch

_PROVENANCE = {
    "feed": "string",
    "_business_date": "date",
    "_delivery_sequence": "bigint",
    "_row_number": "bigint",
}
"""Columns of a mention that files may lack; a file may give them without the underscore."""


def read_records(spark: SparkSession, spec: EntitySpec, files: list[Path], into: Scratch) -> DataFrame:
    """The records of all files: `record_id`, `file`, provenance, the attributes, `profile_id`.

    Where two files share ids, `record_id` is `<file>:<id>`.

    Raises:
        LakeError: a file is missing, is neither CSV nor Parquet, or lacks a column that matching uses.
    """
    parts = [_of_file(spark, spec, path, number, into) for number, path in enumerate(files)]
    records = reduce(DataFrame.unionByName, parts)
    return records.withColumn("profile_id", profile_id(spec))


def _of_file(spark: SparkSession, spec: EntitySpec, path: Path, number: int, into: Scratch) -> DataFrame:
    if not path.exists():
        raise LakeError(f"there is no file {path}", "check the path after --records")
    if path.is_dir() or path.suffix == ".parquet":
        rows = spark.read.parquet(str(path.resolve()))
    elif path.suffix in {".csv", ".txt", ".tsv"}:
        into.write(_strings(path), f"file_{number}")
        rows = into.read(spark, f"file_{number}")
    else:
        raise LakeError(f"{path} is neither CSV nor Parquet", "give *.csv or *.parquet")
    return _conformed(rows, spec, path, number)


def _strings(path: Path) -> pa.Table:
    """A CSV file with every column as text, blanks around names and values cut."""
    with path.open("rb") as file:
        header = file.readline().decode("utf-8-sig").rstrip("\r\n")
    delimiter = max((",", "\t", ";", "|"), key=header.count)
    names = [name.strip().strip('"').strip() for name in header.split(delimiter)]
    table = csv.read_csv(
        path,
        read_options=csv.ReadOptions(column_names=names, skip_rows=1),
        parse_options=csv.ParseOptions(delimiter=delimiter, newlines_in_values=True),
        convert_options=csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False),
    )
    return pa.table({name: pc.utf8_trim_whitespace(table.column(name)) for name in names})


def _conformed(rows: DataFrame, spec: EntitySpec, path: Path, number: int) -> DataFrame:
    identity = spec.records.id if spec.records else "record_id"
    wanted = {identity: "the record's id"}
    used = attributes_used(spec)
    wanted |= {a.source or a.name: f"attribute {a.name}" for a in spec.attributes if a.name in used - {"file"}}
    missing = [f"{name} ({what})" for name, what in wanted.items() if name not in rows.columns]
    if missing:
        raise LakeError(
            f"{path} lacks {', '.join(missing)}; it has {', '.join(rows.columns)}",
            "name the columns in the spec: `records.id`, and `source` of an attribute",
        )
    attributes = [
        _attribute(spec, a.source or a.name, a.name, a.type, path)
        if (a.source or a.name) in rows.columns or a.name == "file"
        else F.lit(None).cast(a.type).alias(a.name)
        for a in spec.attributes
    ]
    provenance = [_provenance(rows, name, kind, number) for name, kind in _PROVENANCE.items()]
    return rows.select(
        F.col(f"`{identity}`").cast("string").alias("record_id"),
        F.lit(number).alias("file_number"),
        *provenance,
        *attributes,
    )


def _attribute(spec: EntitySpec, source: str, name: str, kind: str, path: Path) -> Column:
    if name == "file":
        return F.lit(path.stem).alias("file")
    text = F.trim(F.col(f"`{source}`").cast("string"))
    nulls = spec.records.nulls if spec.records else ("",)
    return F.when(~text.isin(*nulls, ""), text.try_cast(kind)).alias(name)


def _provenance(rows: DataFrame, name: str, kind: str, number: int) -> Column:
    for given in (name, name.removeprefix("_")):
        if given in rows.columns:
            return F.col(given).cast(kind).alias(name)
    stand_in = {"feed": F.lit(f"file_{number}"), "_delivery_sequence": F.lit(number + 1), "_row_number": F.lit(0)}
    return stand_in.get(name, F.lit("1970-01-01")).cast(kind).alias(name)
