"""What tells two contents of one version apart, failed attempts, versions of what was written, notices."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

MOMENT = sa.DateTime(timezone=True)
_ADDED = (
    ("object_mark", sa.String(128)),
    ("failure", sa.JSON),
    ("landing_version", sa.String(128)),
    ("receipt_versions", sa.JSON),
    ("replaces", sa.String(64)),
)
_COUNTED = (("sight", "1"), ("attempts", "0"))
_NAMES = {"uq": "uq_%(table_name)s_%(column_0_name)s"}


def upgrade() -> None:
    """Add columns and the table of notices where they are absent: two processes may start at once."""
    looked = sa.inspect(op.get_bind())
    if not looked.has_table("notice"):
        op.create_table(
            "notice",
            sa.Column("sequence", sa.Integer, primary_key=True, autoincrement=True),
            sa.Column("object_key", sa.Text, nullable=False),
            sa.Column("object_version", sa.String(128), nullable=False),
            sa.Column("agency", sa.String(128)),
            sa.Column("code", sa.String(64), nullable=False),
            sa.Column("message", sa.Text, nullable=False),
            sa.Column("fix", sa.Text, nullable=False),
            sa.Column("outbox", sa.JSON),
            sa.Column("first_seen_at", MOMENT, nullable=False),
            sa.Column("gone_at", MOMENT),
            sa.UniqueConstraint("object_key", "object_version", name="uq_notice_object_key"),
        )
    if "sight" in {column["name"] for column in looked.get_columns("delivery")}:
        return
    with op.batch_alter_table("delivery", naming_convention=_NAMES) as table:
        for name, kind in _ADDED:
            table.add_column(sa.Column(name, kind))
        for name, default in _COUNTED:
            table.add_column(sa.Column(name, sa.Integer, nullable=False, server_default=default))
        table.drop_constraint("uq_delivery_feed", type_="unique")
        table.create_unique_constraint("uq_delivery_feed", ["feed", "object_key", "object_version", "sight"])


def downgrade() -> None:
    """Take columns and table away; versions that came twice must be gone before."""
    op.drop_table("notice")
    with op.batch_alter_table("delivery", naming_convention=_NAMES) as table:
        table.drop_constraint("uq_delivery_feed", type_="unique")
        for name, _ in (*_ADDED, *_COUNTED):
            table.drop_column(name)
        table.create_unique_constraint("uq_delivery_feed", ["feed", "object_key", "object_version"])
