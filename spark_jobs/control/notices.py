"""Notices in the control database: which objects of an inbox cannot become deliveries, and still stand there."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select, update

from spark_jobs.control.database import session
from spark_jobs.control.schema import Notice


def standing(prefix: str = "") -> dict[tuple[str, str], int]:
    """Notices whose object is still there: key and version of the object -> sequence."""
    query = select(Notice.object_key, Notice.object_version, Notice.sequence).where(Notice.gone_at.is_(None))
    if prefix:
        query = query.where(Notice.object_key.startswith(prefix, autoescape=True))
    with session() as at:
        return {(key, version): sequence for key, version, sequence in at.execute(query)}


def find(key: str, version: str) -> int | None:
    """The notice about this very object, also where it was gone meanwhile."""
    with session() as at:
        return at.scalar(select(Notice.sequence).where(Notice.object_key == key, Notice.object_version == version))


def add(notice: Notice) -> None:
    """Write a new notice."""
    with session() as at:
        at.add(notice)
        at.commit()


def there_again(sequence: int) -> None:
    """The object of a notice has come back."""
    with session() as at:
        at.execute(update(Notice).where(Notice.sequence == sequence).values(gone_at=None))
        at.commit()


def gone(sequences: Iterable[int], when: datetime) -> None:
    """The objects of these notices are no longer there."""
    with session() as at:
        at.execute(update(Notice).where(Notice.sequence.in_(list(sequences))).values(gone_at=when))
        at.commit()
