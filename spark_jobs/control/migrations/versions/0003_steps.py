"""How each step of a feed went last."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the table where it is absent: two processes may start at once."""
    if sa.inspect(op.get_bind()).has_table("step"):
        return
    op.create_table(
        "step",
        sa.Column("feed", sa.String(128), nullable=False),
        sa.Column("step", sa.String(32), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("begun_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("said", sa.Text),
        sa.PrimaryKeyConstraint("feed", "step", name="pk_step"),
    )


def downgrade() -> None:
    """Take the table away."""
    op.drop_table("step")
