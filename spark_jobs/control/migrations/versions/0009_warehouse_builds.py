"""Builds of the warehouse that passed, with the versions of their tables."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the table where it is absent: two processes may start at once."""
    if sa.inspect(op.get_bind()).has_table("warehouse_build"):
        return
    op.create_table(
        "warehouse_build",
        sa.Column("number", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("built_at", MOMENT, nullable=False),
        sa.Column("selection", sa.Text),
        sa.Column("published", sa.JSON, nullable=False),
        sa.Column("entities", sa.JSON, nullable=False),
        sa.Column("tables", sa.JSON, nullable=False),
        sa.Column("accepted", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_warehouse_build"),
    )


def downgrade() -> None:
    """Take the table away."""
    op.drop_table("warehouse_build")
