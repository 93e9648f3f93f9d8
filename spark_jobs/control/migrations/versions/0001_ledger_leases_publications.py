"""Ledger, leases, publications."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the tables where they are absent: two processes may start on a new database at once."""
    if sa.inspect(op.get_bind()).has_table("delivery"):
        return
    op.create_table(
        "delivery",
        sa.Column("sequence", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("delivery_id", sa.String(64), nullable=False),
        sa.Column("feed", sa.String(128), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("object_key", sa.String(1024), nullable=False),
        sa.Column("object_version", sa.String(128), nullable=False),
        sa.Column("bytes", sa.BigInteger, nullable=False),
        sa.Column("modified_at", MOMENT, nullable=False),
        sa.Column("first_seen_at", MOMENT, nullable=False),
        sa.Column("unchanged_since", MOMENT, nullable=False),
        sa.Column("business_date", sa.Date),
        sa.Column("window_from", MOMENT),
        sa.Column("window_to", MOMENT),
        sa.Column("manifest", sa.JSON),
        sa.Column("claimed_by", sa.String(128)),
        sa.Column("claim_epoch", sa.Integer, nullable=False),
        sa.Column("sha256", sa.String(64)),
        sa.Column("bronze_version", sa.Integer),
        sa.Column("accounting", sa.JSON),
        sa.Column("outcome", sa.JSON),
        sa.Column("refine_fingerprint", sa.String(64)),
        sa.Column("rejection", sa.JSON),
        sa.Column("receipt", sa.JSON),
        sa.Column("closed_at", MOMENT),
        sa.UniqueConstraint("delivery_id", name="uq_delivery_delivery_id"),
        sa.UniqueConstraint("feed", "object_key", "object_version", name="uq_delivery_feed"),
    )
    op.create_index("ix_delivery_feed_state", "delivery", ["feed", "state"])
    op.create_index("ix_delivery_feed_sha256", "delivery", ["feed", "sha256"])
    op.create_table(
        "lease",
        sa.Column("name", sa.String(128), primary_key=True),
        sa.Column("holder", sa.String(128), nullable=False),
        sa.Column("host", sa.String(255), nullable=False),
        sa.Column("pid", sa.Integer, nullable=False),
        sa.Column("epoch", sa.Integer, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("note", sa.Text),
    )
    op.create_table(
        "publication",
        sa.Column("feed", sa.String(128), primary_key=True),
        sa.Column("silver_version", sa.Integer, primary_key=True),
        sa.Column("published", sa.Boolean, nullable=False),
        sa.Column("verified_at", MOMENT, nullable=False),
        sa.Column("checks", sa.JSON, nullable=False),
    )


def downgrade() -> None:
    """Drop the tables."""
    for table in ("publication", "lease", "delivery"):
        op.drop_table(table)
