"""Guard numbers: what a resolution must look like before its result is written and published."""

import json
from typing import Any

from pyspark.sql import functions as F

from spark_jobs.base.errors import LakeError
from spark_jobs.entities.resolution.run import Result, Run
from spark_jobs.entities.state import Note

LARGEST_PROFILES = 1000
"""An entity of more profiles than this is wrong whatever was before, unless a steward accepts it."""
FALL = 0.8
"""Entities may not fall below this share of what they were while records grow."""
FEW = 1000
"""Of fewer entities than this a share says nothing."""


def measure(run: Run, result: Result) -> dict[str, Any]:
    """Blocks by rule, sizes of entities, weights of edges."""
    size = F.col("profiles")
    sizes = result.entities.agg(
        F.count("*").alias("entities"),
        F.coalesce(F.max(size), F.lit(0)).alias("largest_entity"),
        *(F.count_if(size.between(low, high)).alias(f"entities_of_{low}_to_{high}") for low, high in _BINS),
    ).collect()[0]
    band = F.floor(F.col("weight") / 5).cast("int") * 5
    weights = result.edge.groupBy(band.alias("band")).count().orderBy("band").collect()
    watched = result.watch.counted() if run.spec.matching.blocking else {}
    rules = [
        {
            "rule": rule.name,
            **{
                name: watched.get(f"{name}_{n}", 0)
                for name in ("blocks", "dropped_blocks", "dropped_profiles", "largest")
            },
        }
        for n, rule in enumerate(run.spec.matching.blocking)
    ]
    return {"sizes": sizes.asDict(), "weights": {str(r["band"]): r["count"] for r in weights}, "rules": rules}


_BINS = ((1, 1), (2, 2), (3, 5), (6, 10), (11, 50), (51, 1_000_000_000))


def check(run: Run, result: Result, note: Note | None, accept: bool) -> dict[str, Any]:
    """Measure, and stop what cannot be right.

    Raises:
        LakeError: a number jumped; nothing has been written.
    """
    found = measure(run, result)
    largest = found["sizes"]["largest_entity"]
    before = (note.counts if note else {}).get("largest_entity", 0)
    if not accept and largest > max(LARGEST_PROFILES, 2 * before):
        raise LakeError(
            f"{run.spec.entity}: an entity of {largest:,} profiles (before: {before:,}); nothing was published",
            f"look at the blocking report, then: lake resolve --entity {run.spec.entity} --accept-guards",
        )
    return found


def fallen(entity: str, entities: int, records: int, note: Note | None, accept: bool) -> None:
    """Stop where many entities became one.

    Raises:
        LakeError: entities fell sharply while records did not.
    """
    then = note.counts if note else {}
    many = then.get("entities", 0)
    fell = many >= FEW and entities < FALL * many and records >= then.get("records", 0)
    if fell and not accept:
        raise LakeError(
            f"{entity}: {entities:,} entities, {then['entities']:,} before, from more records; nothing was published",
            f"compare the last two rows of entities.{entity}_resolution, then --accept-guards",
        )


def as_text(found: dict[str, Any]) -> str:
    """Guard numbers as the resolution table keeps them."""
    return json.dumps(found, ensure_ascii=False, sort_keys=True)
