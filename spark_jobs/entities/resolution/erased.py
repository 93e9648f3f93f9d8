"""Erasing an entity: its records, profiles, edges, ids and log details go, and old deliveries do not bring them back.

What stays is a salted hash of each erased profile with the newest delivery it was known from: a later delivery that
speaks of the person again is a new beginning.
"""

import hashlib
import json
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F

from expectations.entity_spec import EntitySpec
from spark_jobs.base.settings import settings
from spark_jobs.entities import state
from spark_jobs.lake.engine.workbench import Workbench
from spark_jobs.lake.server.conf import private_file
from spark_jobs.lake.storage import table_log


@dataclass(frozen=True)
class Erased:
    """One erased profile: its salted hash, and the last delivery sequence that is erased."""

    profile_hash: str
    until_sequence: int


def erased(bench: Workbench, spec: EntitySpec) -> tuple[Erased, ...]:
    """All erased profiles of an entity."""
    if not table_log.row_count("entities", f"{spec.entity}_erased"):
        return ()
    rows = state.read(bench, spec, "_erased").collect()
    return tuple(sorted((Erased(r["profile_hash"], r["until_sequence"]) for r in rows), key=lambda e: e.profile_hash))


def mark(found: tuple[Erased, ...]) -> str:
    """A hash of what is erased, part of what a resolution depends on."""
    return hashlib.sha256(repr(found).encode()).hexdigest()[:20] if found else ""


def profile_hash(profile_id: Column) -> Column:
    """The salted hash that stands for a profile; the salt is a secret of the lake home."""
    return F.sha2(F.concat(F.lit(_salt()), profile_id.cast("string")), 256)


def _salt() -> str:
    path = settings().home / "secrets" / "erasure-salt"
    if not path.exists():
        private_file(path, secrets.token_hex(32))
    return path.read_text(encoding="utf-8").strip()


def _list(spark: SparkSession, found: tuple[Erased, ...]) -> DataFrame:
    rows = [(e.profile_hash, e.until_sequence) for e in found]
    return spark.createDataFrame(rows, "profile_hash string, until_sequence bigint")


def without_erased(records: DataFrame, found: tuple[Erased, ...]) -> DataFrame:
    """Records, those of erased profiles left out that are no newer than the erasure."""
    if not found:
        return records
    hidden = F.broadcast(
        _list(records.sparkSession, found).groupBy("profile_hash").agg(F.max("until_sequence").alias("_until"))
    )
    marked = records.withColumn("profile_hash", profile_hash(F.col("profile_id")))
    kept = marked.join(hidden, "profile_hash", "left").where("_until is null or _delivery_sequence > _until")
    return kept.drop("profile_hash", "_until")


def erased_records(records: DataFrame, found: tuple[Erased, ...]) -> DataFrame:
    """The records that `without_erased` leaves out."""
    hidden = F.broadcast(
        _list(records.sparkSession, found).groupBy("profile_hash").agg(F.max("until_sequence").alias("_until"))
    )
    marked = records.withColumn("profile_hash", profile_hash(F.col("profile_id")))
    return (
        marked.join(hidden, "profile_hash", "inner")
        .where("_delivery_sequence <= _until")
        .drop("profile_hash", "_until")
    )


def note_erasure(bench: Workbench, spec: EntitySpec, profiles: list[int], reason: str = "") -> None:
    """Write down that these profiles are erased with everything delivered so far; what is noted already stays so.

    Args:
        bench: a session with a folder beside it.
        spec: the kind of entity.
        profiles: ids of the profiles.
        reason: why; it stays in the commit, so it must not name anybody.
    """
    records = state.read(bench, spec, "_record").where(F.col("profile_id").isin(*profiles))
    rows = (
        records.groupBy("profile_id")
        .agg(F.max("_delivery_sequence").alias("until_sequence"))
        .select(
            profile_hash(F.col("profile_id")).alias("profile_hash"),
            "until_sequence",
            F.lit(datetime.now(UTC)).cast("timestamp").alias("erased_at"),
        )
    )
    noted = state.read(bench, spec, "_erased")
    rows = rows.join(noted, ["profile_hash", "until_sequence"], "left_anti")
    state.save(bench, rows, spec, "_erased", "append", json.dumps({"erasure": reason}, ensure_ascii=False))
