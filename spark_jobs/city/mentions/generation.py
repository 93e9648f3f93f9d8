"""Writes records and their truth, a chunk of days at a time, so that memory grows with the people, not the records."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

import numpy as np

from spark_jobs.city.mentions.captures import Shape, World, captures_of, draw_mentions
from spark_jobs.city.mentions.firms_world import firms_world
from spark_jobs.city.mentions.people_world import people_world
from spark_jobs.city.mentions.schedule import FIRST_DAY, Schedule
from spark_jobs.city.mentions.writing import Files
from spark_jobs.city.world.texts import day_number

Entity = Literal["person", "legal_entity"]

SHAPES = {
    "register": Shape(records_of_entity=9.0, captures_of_entity=26, skew=1.0, registry_first=0.85),
    "event": Shape(records_of_entity=73.0, captures_of_entity=6, skew=1.4, registry_first=0.40),
}

Progress = Callable[[float], None]
"""Told the share done, 0 to 1."""


@dataclass(frozen=True)
class MentionSummary:
    """What was written."""

    records: int
    entities: int
    deliveries: int


def generate_mentions(
    entity: Entity,
    shape: str,
    records: int,
    seed: int,
    out: Path,
    *,
    hot_share: float = 0.0,
    progress: Progress = lambda done: None,
) -> MentionSummary:
    """Write `records.parquet` and `truth.parquet` into a folder; the same arguments give the same bytes.

    Args:
        entity: of whom the records speak.
        shape: a key of SHAPES.
        records: how many.
        seed: of all chance.
        out: the folder, made if it is missing.
        hot_share: share of the captures with one and the same placeholder as telephone number.
        progress: told how far it is.
    """
    chosen = SHAPES[shape]
    schedule = Schedule.of(records)
    world = _world(entity, max(int(records / chosen.records_of_entity), 50), seed)
    seen = np.zeros(world.entities, np.bool_)
    deliveries = 0
    out.mkdir(parents=True, exist_ok=True)
    with Files(out) as files:
        for chunk in schedule.chunks():
            mentions = draw_mentions(world, chosen, chunk, schedule, seed)
            found, inverse = captures_of(mentions, world, chosen, seed, hot_share)
            columns, marks = world.columns(found)
            table = mentions.table(columns, inverse, world.roles)
            files.write(table, mentions.entity, marks.taken(inverse))
            seen[mentions.entity] = True
            deliveries = int(mentions.delivery[-1])
            progress(chunk.last_record / records)
    return MentionSummary(records, int(seen.sum()), deliveries)


def _world(entity: Entity, total: int, seed: int) -> World:
    before = day_number(date.fromisoformat(FIRST_DAY))
    return people_world(total, before, seed) if entity == "person" else firms_world(total, before, seed)
