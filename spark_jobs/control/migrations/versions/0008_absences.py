"""What was due and had not come, and the delivery that came for it later."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the table where it is absent: two processes may start at once."""
    if sa.inspect(op.get_bind()).has_table("absence"):
        return
    op.create_table(
        "absence",
        sa.Column("feed", sa.String(128), nullable=False),
        sa.Column("first", sa.Date, nullable=False),
        sa.Column("absence_id", sa.String(64), nullable=False),
        sa.Column("last", sa.Date, nullable=False),
        sa.Column("due_on", sa.Date, nullable=False),
        sa.Column("told_at", MOMENT, nullable=False),
        sa.Column("came_with", sa.String(64)),
        sa.Column("receipt", sa.JSON, nullable=False),
        sa.Column("outbox_versions", sa.JSON),
        sa.PrimaryKeyConstraint("feed", "first", name="pk_absence"),
    )


def downgrade() -> None:
    """Take the table away."""
    op.drop_table("absence")
