"""Builds of the warehouse that passed: what each read, and which versions of its tables it left."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select

from spark_jobs.control.database import session
from spark_jobs.control.schema import WarehouseBuild

KEEP = timedelta(days=30)
"""Longer than files of versions are kept, by which a table could go back."""


def note(
    selection: str | None,
    published: Mapping[str, int],
    entities: Mapping[str, int],
    tables: Mapping[str, Any],
    accepted: Sequence[str] = (),
    inputs: Mapping[str, Any] | None = None,
) -> int:
    """Write down a build that passed, and give its number.

    Args:
        selection: of dbt; None where all was built.
        published: silver table -> version that models read.
        entities: table of entity resolution -> version.
        tables: `layer.table` -> version and rows, of all base libraries and marts.
        accepted: tables that were allowed to lose rows.
        inputs: what else it read; None where that is not known.
    """
    now = datetime.now(UTC)
    with session() as at:
        number = (at.scalar(select(func.max(WarehouseBuild.number))) or 0) + 1
        at.add(
            WarehouseBuild(
                number=number,
                built_at=now,
                selection=selection,
                published=dict(published),
                entities=dict(entities),
                tables=dict(tables),
                accepted=list(accepted),
                inputs=None if inputs is None else dict(inputs),
            )
        )
        at.execute(delete(WarehouseBuild).where(WarehouseBuild.built_at < now - KEEP))
        at.commit()
    return number


def builds() -> Sequence[WarehouseBuild]:
    """All that are noted, newest first."""
    with session() as at:
        return at.scalars(select(WarehouseBuild).order_by(WarehouseBuild.number.desc())).all()
