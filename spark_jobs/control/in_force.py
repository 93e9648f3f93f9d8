"""Which deliveries count, as queries of the ledger: whose rows are in tables, and who has taken whose place."""

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, update
from sqlalchemy.orm import aliased

from spark_jobs.control.database import session
from spark_jobs.control.schema import Delivery, DeliveryState

COUNTING = (DeliveryState.PARSED.value, DeliveryState.COMMITTED.value)
"""In bronze, or in silver and quarantine."""
CORRECTS = "corrects"
"""Field of a manifest: which earlier delivery the file takes the place of."""


def of_objects(feed: str, keys: Iterable[str]) -> Sequence[Delivery]:
    """Deliveries of these objects that count, oldest first."""
    query = select(Delivery).where(
        Delivery.feed == feed, Delivery.object_key.in_(list(keys)), Delivery.state.in_(COUNTING)
    )
    with session() as at:
        return at.scalars(query.order_by(Delivery.sequence)).all()


def corrected_by(delivery: Delivery) -> Sequence[Delivery]:
    """What the manifest of a delivery says that it corrects, oldest first: earlier deliveries of its feed.

    Named by the number of its receipt, or by the name of its file: then all versions of that file.
    """
    named = (delivery.manifest or {}).get(CORRECTS)
    if not named:
        return ()
    is_named = or_(Delivery.delivery_id == named, Delivery.object_key == f"{delivery.feed}/{named}")
    query = select(Delivery).where(Delivery.feed == delivery.feed, Delivery.sequence < delivery.sequence, is_named)
    with session() as at:
        return at.scalars(query.order_by(Delivery.sequence)).all()


def in_place_of(feed: str, newer: str) -> Sequence[Delivery]:
    """Deliveries whose place a delivery took, by their receipts, oldest first; also those recalled since."""
    query = select(Delivery).where(
        Delivery.feed == feed,
        Delivery.state.in_((DeliveryState.REPLACED.value, DeliveryState.RECALLED.value)),
        Delivery.receipt["replaced_by"].as_string() == newer,
    )
    with session() as at:
        return at.scalars(query.order_by(Delivery.sequence)).all()


def replacing(feed: str) -> Sequence[Delivery]:
    """Committed deliveries that took the place of older versions or correct others, where one of those still counts."""
    older = aliased(Delivery)
    corrects: ColumnElement[str] = Delivery.manifest[CORRECTS].as_string()
    is_version = and_(Delivery.replaces.is_not(None), older.object_key == Delivery.object_key)
    is_corrected = or_(older.delivery_id == corrects, older.object_key == f"{feed}/" + corrects)
    still_counts = exists().where(
        older.feed == Delivery.feed,
        older.sequence < Delivery.sequence,
        older.state.in_(COUNTING),
        or_(is_version, is_corrected),
    )
    is_one = or_(Delivery.replaces.is_not(None), corrects.is_not(None))
    query = select(Delivery).where(
        Delivery.feed == feed, is_one, Delivery.state == DeliveryState.COMMITTED.value, still_counts
    )
    with session() as at:
        return at.scalars(query).all()


def reopen_duplicates(feed: str, sha256: str) -> list[str]:
    """Make deliveries wait again that were turned away for having these bytes; returns their ids.

    Those stay as they are whose object has had a newer version that counts.
    """
    newer = aliased(Delivery)
    is_past = exists().where(
        newer.feed == Delivery.feed,
        newer.object_key == Delivery.object_key,
        newer.sequence > Delivery.sequence,
        newer.state.in_(COUNTING),
    )
    turned_away = select(Delivery.sequence, Delivery.delivery_id).where(
        Delivery.feed == feed,
        Delivery.sha256 == sha256,
        Delivery.state == DeliveryState.REJECTED.value,
        Delivery.rejection["code"].as_string() == "duplicate_delivery",
        ~is_past,
    )
    with session() as at:
        found = at.execute(turned_away).all()
        waits = {"state": DeliveryState.STABLE, "rejection": None}
        at.execute(update(Delivery).where(Delivery.sequence.in_([row.sequence for row in found])).values(**waits))
        at.commit()
    return [row.delivery_id for row in found]


def reopen(sequences: Iterable[int]) -> None:
    """Make deliveries wait again whose place another had taken: they are done again from their bytes in landing."""
    again = {"state": DeliveryState.STABLE, "rejection": None, "replaces": None, "outcome": None}
    with session() as at:
        at.execute(
            update(Delivery)
            .where(Delivery.sequence.in_(list(sequences)), Delivery.state == DeliveryState.REPLACED.value)
            .values(**again)
        )
        at.commit()


def with_bronze(feed: str, states: Iterable[DeliveryState]) -> dict[int, str]:
    """Deliveries in one of `states` whose records are noted to be in bronze: sequence and id."""
    query = select(Delivery.sequence, Delivery.delivery_id).where(
        Delivery.feed == feed,
        Delivery.state.in_([state.value for state in states]),
        Delivery.bronze_version.is_not(None),
    )
    with session() as at:
        return {sequence: name for sequence, name in at.execute(query)}


def with_content(feed: str, sha256: str) -> Sequence[Delivery]:
    """Deliveries of a feed in force that have these bytes, and records; oldest first."""
    query = select(Delivery).where(Delivery.feed == feed, Delivery.sha256 == sha256, Delivery.state.in_(COUNTING))
    with session() as at:
        found = at.scalars(query.order_by(Delivery.sequence)).all()
    return [row for row in found if (row.accounting or {}).get("rows_counted")]


def newest(feed: str, business_date: date | None = None, key: str | None = None) -> int | None:
    """Sequence of the newest delivery of a feed that counts: of a business date, of an object key, or of all."""
    query = select(func.max(Delivery.sequence)).where(Delivery.feed == feed, Delivery.state.in_(COUNTING))
    if business_date is not None:
        query = query.where(Delivery.business_date == business_date)
    if key is not None:
        query = query.where(Delivery.object_key == key)
    with session() as at:
        return at.scalar(query)
