"""Hits of comparisons that went back to departments."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Make the table where it is absent: two processes may start at once."""
    if sa.inspect(op.get_bind()).has_table("comparison_return"):
        return
    op.create_table(
        "comparison_return",
        sa.Column("comparison", sa.String(128), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("agency", sa.String(128), nullable=False),
        sa.Column("hits", sa.Integer, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("outbox", sa.JSON, nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("comparison", "number", name="pk_comparison_return"),
    )


def downgrade() -> None:
    """Take the table away."""
    op.drop_table("comparison_return")
