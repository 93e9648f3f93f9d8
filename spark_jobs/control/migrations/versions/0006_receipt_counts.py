"""What receipts said of rows and reasons, kept with their place in the chain."""

import sqlalchemy as sa
from alembic import op

from spark_jobs.control.receipt_counts import counts_of

revision = "0006"
down_revision = "0005"

_LINK = sa.table(
    "receipt_link",
    sa.column("agency"),
    sa.column("number"),
    sa.column("delivery_id"),
    sa.column("counts", sa.JSON),
)
_DELIVERY = sa.table("delivery", sa.column("delivery_id"), sa.column("receipt", sa.JSON))


def upgrade() -> None:
    """Add the column where it is absent, and fill it for the last receipt of each delivery; earlier ones are gone."""
    at = op.get_bind()
    if "counts" in {column["name"] for column in sa.inspect(at).get_columns("receipt_link")}:
        return
    op.add_column("receipt_link", sa.Column("counts", sa.JSON))
    last = sa.select(_LINK.c.delivery_id, sa.func.max(_LINK.c.number)).group_by(_LINK.c.delivery_id)
    for delivery, number in at.execute(last).all():
        receipt = at.execute(sa.select(_DELIVERY.c.receipt).where(_DELIVERY.c.delivery_id == delivery)).scalar()
        if receipt:
            is_it = sa.and_(_LINK.c.delivery_id == delivery, _LINK.c.number == number)
            at.execute(sa.update(_LINK).where(is_it).values(counts=counts_of(receipt)))


def downgrade() -> None:
    """Take the column away."""
    op.drop_column("receipt_link", "counts")
