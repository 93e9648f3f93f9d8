"""When a delivery that was not known to be complete last stood on a full disk."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Add the column where it is absent: two processes may start at once."""
    if "full_disk_at" not in {column["name"] for column in sa.inspect(op.get_bind()).get_columns("delivery")}:
        op.add_column("delivery", sa.Column("full_disk_at", sa.DateTime(timezone=True)))


def downgrade() -> None:
    """Take the column away."""
    op.drop_column("delivery", "full_disk_at")
