"""Which quarantined rows later deliveries have closed."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Make the table where it is absent: two processes may start at once."""
    if sa.inspect(op.get_bind()).has_table("repair"):
        return
    op.create_table(
        "repair",
        sa.Column("delivery_id", sa.String(64), nullable=False),
        sa.Column("by_delivery", sa.String(64), nullable=False),
        sa.Column("feed", sa.String(128), nullable=False),
        sa.Column("closed", sa.Integer, nullable=False),
        sa.Column("rows", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("delivery_id", "by_delivery", name="pk_repair"),
    )
    op.create_index("ix_repair_feed", "repair", ["feed"])
    op.create_index("ix_repair_by_delivery", "repair", ["by_delivery"])


def downgrade() -> None:
    """Take the table away."""
    op.drop_table("repair")
