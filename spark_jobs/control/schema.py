"""Tables of the control database."""

from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, DateTime, Index, Integer, MetaData, String, Text, UniqueConstraint
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator


class UtcDateTime(TypeDecorator[datetime]):
    """A moment with its zone; SQLite keeps none, so it is stored as UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Store as UTC; a naive moment is an error in our code."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the zone back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Base of all control tables, with names for constraints so that migrations can refer to them."""

    metadata = MetaData(
        naming_convention={
            "pk": "pk_%(table_name)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ix": "ix_%(table_name)s_%(column_0_name)s",
        }
    )


class DeliveryState(StrEnum):
    """Where a delivery is. Closed list: every object version is in exactly one of these."""

    SEEN = "seen"
    """Listed; perhaps still being written."""
    STABLE = "stable"
    """Complete by its manifest or by its size."""
    CLAIMED = "claimed"
    """A worker is reading it."""
    PARSED = "parsed"
    """In landing and bronze; counted."""
    COMMITTED = "committed"
    """Accepted rows in silver, the others in quarantine; receipt issued."""
    REJECTED = "rejected"
    """Nothing of it is used; receipt issued."""
    REPLACED = "replaced"
    """A newer version of the same object, or a file that corrects it, took its place; its rows are in no table, and a
    second receipt says so."""
    RECALLED = "recalled"
    """Taken back: silver is as if it had never come. Its records in bronze and quarantine stay as evidence; a second
    receipt says so once silver has followed."""


ON_THE_WAY = (DeliveryState.SEEN, DeliveryState.STABLE, DeliveryState.CLAIMED, DeliveryState.PARSED)
"""States from which a delivery has yet to go on."""


class Delivery(Base):
    """One version of one object that a department dropped, or one pull from a bureau's system."""

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("feed", "object_key", "object_version", "sight"),
        Index("ix_delivery_feed_state", "feed", "state"),
        Index("ix_delivery_feed_sha256", "feed", "sha256"),
    )

    sequence: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    """Order of arrival: by the object's time, then its key."""
    delivery_id: Mapped[str] = mapped_column(String(64), unique=True)
    feed: Mapped[str] = mapped_column(String(128))
    state: Mapped[str] = mapped_column(String(16))
    object_key: Mapped[str] = mapped_column(String(1024))
    object_version: Mapped[str] = mapped_column(String(128))
    object_mark: Mapped[str | None] = mapped_column(String(128))
    """What the store says besides the version, and no sender can set: tells two contents of one version apart."""
    sight: Mapped[int] = mapped_column(Integer, default=1)
    """How often this version has come to the key: a file that is put back has been there before."""
    bytes: Mapped[int] = mapped_column(BigInteger)
    modified_at: Mapped[datetime] = mapped_column(UtcDateTime)
    first_seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """First time that any version of this key was listed while incomplete."""
    unchanged_since: Mapped[datetime] = mapped_column(UtcDateTime)
    full_disk_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the disk on which this version lies was last found full while it was not known to be complete."""
    business_date: Mapped[date | None]
    window_from: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Pulls: start (inclusive) of the update times read."""
    window_to: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Pulls: end (exclusive)."""
    manifest: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    claimed_by: Mapped[str | None] = mapped_column(String(128))
    claim_epoch: Mapped[int] = mapped_column(Integer, default=0)
    """Raised at each claim; a worker whose epoch is no longer the row's has lost it."""
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    """How often handling it has failed unexpectedly since its last step."""
    failure: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    """The last unexpected failure: step, kind of error, and the reference of its traceback."""
    sha256: Mapped[str | None] = mapped_column(String(64))
    landing_version: Mapped[str | None] = mapped_column(String(128))
    """The version of the object in landing that holds its bytes; null where the store keeps none."""
    bronze_version: Mapped[int | None]
    accounting: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    """Byte ranges, counts and notes of intake."""
    outcome: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    """Counts by reason and table versions of refine."""
    refine_fingerprint: Mapped[str | None] = mapped_column(String(64))
    """Hash of the contract and code that refined it."""
    rejection: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    """Code, message and fix where the whole delivery was rejected, replaced or recalled; of a recall also by whom it
    was, and what was found of it, see `control.recalls`."""
    receipt: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    receipt_versions: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    """Versions of what was put into the outbox, by key; `sha256:` and the hash where the store keeps no versions."""
    replaces: Mapped[str | None] = mapped_column(String(64))
    """Delivery id of the older version whose rows this one took the place of."""
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Notice(Base):
    """An object that cannot become a delivery, and what was said about it; it stands until the object is gone."""

    __tablename__ = "notice"
    __table_args__ = (UniqueConstraint("object_key", "object_version"),)

    sequence: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    object_key: Mapped[str] = mapped_column(Text)
    object_version: Mapped[str] = mapped_column(String(128))
    agency: Mapped[str | None] = mapped_column(String(128))
    """Whose outbox has the notice; null: nobody's that we know, the operator's."""
    code: Mapped[str] = mapped_column(String(64))
    """A code of notices.yml."""
    message: Mapped[str] = mapped_column(Text)
    fix: Mapped[str] = mapped_column(Text)
    outbox: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    first_seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    gone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When a sweep no longer found it."""


class Lease(Base):
    """The right of one process to do something alone, until it expires."""

    __tablename__ = "lease"

    name: Mapped[str] = mapped_column(String(128), primary_key=True)
    holder: Mapped[str] = mapped_column(String(128))
    host: Mapped[str] = mapped_column(String(255))
    pid: Mapped[int]
    epoch: Mapped[int]
    """Raised at each change of holder: a fencing token."""
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    note: Mapped[str | None] = mapped_column(Text)


class Step(Base):
    """How a step of a feed's deliveries went the last time that it ran."""

    __tablename__ = "step"

    feed: Mapped[str] = mapped_column(String(128), primary_key=True)
    step: Mapped[str] = mapped_column(String(32), primary_key=True)
    """collect, refine or verify."""
    state: Mapped[str] = mapped_column(String(16))
    """running, done or failed."""
    begun_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    tries: Mapped[int]
    """How often it has begun since it was last done."""
    said: Mapped[str | None] = mapped_column(Text)
    """What it did, or why it failed; never values."""


class ReceiptLink(Base):
    """The place of a receipt in its agency's chain."""

    __tablename__ = "receipt_link"

    agency: Mapped[str] = mapped_column(String(128), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """From 1, in the order in which they were issued."""
    delivery_id: Mapped[str] = mapped_column(String(64), index=True)
    said: Mapped[str] = mapped_column(String(64))
    """Hash of the receipt but for its moment: the same receipt again gets no new place."""
    issued_at: Mapped[str] = mapped_column(String(64))
    """As the receipt says it."""
    chain: Mapped[dict[str, Any]] = mapped_column(JSON)
    """The field `chain` of the receipt: number, predecessor, hash, signatures."""
    counts: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    """What the receipt says of rows and reasons, by which scores are reckoned for any day, whatever became of the
    delivery since; null: issued before this was kept, and superseded since."""


class Repair(Base):
    """Quarantined rows of one delivery that a later one has closed; it counts while the later one is committed.

    What a delivery closes is written before its receipt, so that both say the same however often it is done again.
    """

    __tablename__ = "repair"
    __table_args__ = (Index("ix_repair_feed", "feed"),)

    delivery_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    """Whose rows are closed."""
    by_delivery: Mapped[str] = mapped_column(String(64), primary_key=True, index=True)
    feed: Mapped[str] = mapped_column(String(128))
    closed: Mapped[int]
    """How many rows."""
    rows: Mapped[dict[str, Any]] = mapped_column(JSON)
    """How they were closed -> ranges of row numbers, both ends inclusive; see control/repairs.py."""


class Absence(Base):
    """A period of a feed of which nothing had come when it was due, and what was said of that."""

    __tablename__ = "absence"

    feed: Mapped[str] = mapped_column(String(128), primary_key=True)
    first: Mapped[date] = mapped_column(primary_key=True)
    """First business date of the period."""
    absence_id: Mapped[str] = mapped_column(String(64))
    """What the receipt is known by in the chain."""
    last: Mapped[date]
    due_on: Mapped[date]
    told_at: Mapped[datetime] = mapped_column(UtcDateTime)
    came_with: Mapped[str | None] = mapped_column(String(64))
    """The delivery that came for it later."""
    receipt: Mapped[dict[str, Any]] = mapped_column(JSON)
    """The last that was said."""
    outbox_versions: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    """As of receipts."""


class Publication(Base):
    """A silver version that verify let through; downstream reads no other."""

    __tablename__ = "publication"

    feed: Mapped[str] = mapped_column(String(128), primary_key=True)
    silver_version: Mapped[int] = mapped_column(primary_key=True)
    published: Mapped[bool]
    """False: verify failed on this version."""
    verified_at: Mapped[datetime] = mapped_column(UtcDateTime)
    checks: Mapped[dict[str, Any]] = mapped_column(JSON)
    """Expectations and their counts; never values."""


class ComparisonReturn(Base):
    """Hits of a comparison that were put into a department's outbox."""

    __tablename__ = "comparison_return"

    comparison: Mapped[str] = mapped_column(String(128), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """From 1; a new one only where the hits are others than those of the one before."""
    agency: Mapped[str] = mapped_column(String(128))
    hits: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    """Of the hits alone, whatever the file looks like."""
    outbox: Mapped[dict[str, Any]] = mapped_column(JSON)
    """Content of each object by its key, as `sha256:` and the hash."""
    given_at: Mapped[datetime] = mapped_column(UtcDateTime)


class WarehouseBuild(Base):
    """A build of base libraries and marts that passed."""

    __tablename__ = "warehouse_build"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    built_at: Mapped[datetime] = mapped_column(UtcDateTime)
    selection: Mapped[str | None] = mapped_column(Text)
    """Of dbt; null where all was built."""
    published: Mapped[dict[str, int]] = mapped_column(JSON)
    """Silver table -> version that models read."""
    entities: Mapped[dict[str, int]] = mapped_column(JSON)
    """Table of entity resolution -> version, as the build began."""
    tables: Mapped[dict[str, Any]] = mapped_column(JSON)
    """`layer.table` -> version and rows, as the build left them."""
    accepted: Mapped[list[str]] = mapped_column(JSON)
    """Tables that were allowed to lose rows."""
    inputs: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    """What else it read: `code` and `ledger`; null where that is not known."""
