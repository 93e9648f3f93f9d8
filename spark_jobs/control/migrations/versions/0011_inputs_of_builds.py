"""What a build of the warehouse read beside silver and entities: the state of the code, the version of the ledger."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Add the column where it is absent: two processes may start at once."""
    present = {column["name"] for column in sa.inspect(op.get_bind()).get_columns("warehouse_build")}
    if "inputs" not in present:
        op.add_column("warehouse_build", sa.Column("inputs", sa.JSON))


def downgrade() -> None:
    """Take the column away."""
    op.drop_column("warehouse_build", "inputs")
