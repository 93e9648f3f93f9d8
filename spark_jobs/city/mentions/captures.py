"""Which records there are: who is mentioned when, and which capture of that person or firm the record repeats."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from spark_jobs.city.mentions.damaged_dates import as_dates
from spark_jobs.city.mentions.feeds import FEEDS, Habits, draw_feeds, feeds
from spark_jobs.city.mentions.marks import Marks
from spark_jobs.city.mentions.schedule import Chunk, Schedule
from spark_jobs.city.mentions.taken_down import Captures
from spark_jobs.city.world.chance import Floats, chances, happens, keys_of
from spark_jobs.city.world.texts import Ints, joined, numbers, taken

_KEPT_AT_START = 0.15
"""Share of a person's captures that exist before the first record."""


@dataclass(frozen=True)
class Shape:
    """How often somebody is mentioned, and in how many different ways."""

    records_of_entity: float
    captures_of_entity: int
    skew: float
    """1 where all captures are repeated alike, more where the oldest ones are repeated more often."""
    registry_first: float
    """Share of the entities whose first capture is that of the leading register."""


@dataclass(frozen=True)
class World:
    """Entities and how sources see them."""

    entities: int
    activity: Floats
    """Cumulative share of the records that mention each entity."""
    habits: Habits
    registry: int
    """Position of the leading register in `feeds`."""
    roles: list[str]
    columns: Callable[[Captures], tuple[dict[str, pa.Array], Marks]]


@dataclass(frozen=True)
class Mentions:
    """The records of a chunk, by delivery."""

    entity: Ints
    slot: Ints
    """Which of the entity's captures a record repeats."""
    feed: NDArray[np.int64]
    delivery: Ints
    row: Ints
    day: Ints

    def table(self, columns: dict[str, pa.Array], inverse: Ints, roles: list[str]) -> pa.Table:
        """All columns of the records."""
        rows, index = len(self.entity), pa.array(inverse)
        head = {
            "record_id": joined("d", numbers(self.delivery, 7), "r", numbers(self.row, 6)),
            "feed": taken(feeds().names, self.feed),
            "role": taken(roles, self.feed),
            "delivery_sequence": pa.array(self.delivery),
            "row_number": pa.array(self.row),
            "business_date": as_dates(self.day, np.ones(rows, np.bool_)),
        }
        return pa.table({**head, **{name: column.take(index) for name, column in columns.items()}})


def draw_mentions(world: World, shape: Shape, chunk: Chunk, schedule: Schedule, seed: int) -> Mentions:
    """Who is mentioned in a chunk's records; deliveries are numbered by date, then by source."""
    rng = np.random.default_rng([seed, 2, chunk.number])
    rows = len(chunk.dates)
    entity = np.searchsorted(world.activity[:-1], rng.random(rows), side="right").astype(np.int64)
    known = np.ceil((_KEPT_AT_START + (1 - _KEPT_AT_START) * schedule.times(chunk.dates)) * shape.captures_of_entity)
    slot = (rng.random(rows) ** shape.skew * known).astype(np.int64)
    feed = feed_of(entity, slot, world, shape, seed)
    delivery = chunk.dates * FEEDS + feed + 1
    order = np.argsort(delivery, kind="stable")
    delivery = delivery[order]
    starts = np.flatnonzero(np.diff(delivery, prepend=-1))
    row = np.arange(rows) - np.repeat(starts, np.diff(starts, append=rows)) + 1
    return Mentions(entity[order], slot[order], feed[order], delivery, row, schedule.days[chunk.dates[order]])


def feed_of(entity: Ints, slot: Ints, world: World, shape: Shape, seed: int) -> NDArray[np.int64]:
    """The source of a capture; a third of the captures succeed an older one of the same source."""
    keys = keys_of(seed, entity, slot)
    succeeds = (slot % 3 == 2) & happens(keys, "succeeds", 0.9)
    origin = keys_of(seed, entity, np.where(succeeds, slot - 1, slot))
    drawn = draw_feeds(origin, world.habits)
    leads = (slot == 0) & happens(keys, "leading register", shape.registry_first)
    return np.where(leads, world.registry, drawn)


def captures_of(
    mentions: Mentions, world: World, shape: Shape, seed: int, hot_share: float
) -> tuple[Captures, NDArray[np.int64]]:
    """The different captures of a chunk, and which one each record repeats."""
    number = mentions.entity * shape.captures_of_entity + mentions.slot
    _, first, inverse = np.unique(number, return_index=True, return_inverse=True)
    entity, slot = mentions.entity[first], mentions.slot[first]
    keys = keys_of(seed, entity, slot + 1_000)
    passed = ((slot + chances(keys, "time")) / shape.captures_of_entity - _KEPT_AT_START) / (1 - _KEPT_AT_START)
    found = Captures(entity, np.maximum(passed, 0), mentions.feed[first], world.habits, keys, seed, hot_share)
    return found, inverse.astype(np.int64)
