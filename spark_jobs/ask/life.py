"""A life on one page: all that the warehouse knows of a firm or a person, in the order of time."""

from dataclasses import dataclass
from datetime import date

from spark_jobs.ask import sql
from spark_jobs.base.errors import LakeError
from spark_jobs.lake.storage import tables

MART = "mart_life__event"
BUILD = f"lake warehouse build --select +{MART}"


@dataclass(frozen=True)
class Event:
    """One event of a life.

    Args:
        day: when it happened.
        kind: as `event_kind` of restricted.mart_life__event.
        says: what happened, in Chinese.
        feed: of the row that says so.
        delivery_id: its delivery.
        row_number: its row.
    """

    day: date
    kind: str
    says: str
    feed: str
    delivery_id: str
    row_number: int


def life(entity_id: str) -> list[Event]:
    """The events of a firm or a person, from the first on; none where the last build knew of none.

    Args:
        entity_id: permanent id, as entity tables have it.

    Raises:
        LakeError: the warehouse is not built.
    """
    if not tables.exists("restricted", MART):
        raise LakeError("the warehouse is not built yet", BUILD)
    rows = sql.query(
        "select happened_on, event_kind, says, source_feed, source_delivery_id, source_row_number "
        f"from restricted.{MART} where subject_id = '{entity_id}' order by happened_on, life_event_id"
    )
    return [Event(*row.values()) for row in rows.to_pylist()]
