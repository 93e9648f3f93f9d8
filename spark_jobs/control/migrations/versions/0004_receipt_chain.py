"""The chain of receipts."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make the table where it is absent: two processes may start at once."""
    if sa.inspect(op.get_bind()).has_table("receipt_link"):
        return
    op.create_table(
        "receipt_link",
        sa.Column("agency", sa.String(128), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("delivery_id", sa.String(64), nullable=False),
        sa.Column("said", sa.String(64), nullable=False),
        sa.Column("issued_at", sa.String(64), nullable=False),
        sa.Column("chain", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("agency", "number", name="pk_receipt_link"),
    )
    op.create_index("ix_receipt_link_delivery_id", "receipt_link", ["delivery_id"])


def downgrade() -> None:
    """Take the table away."""
    op.drop_table("receipt_link")
