"""What the options of every channel have in common."""

from abc import abstractmethod
from typing import ClassVar, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field


class ChannelOptions(BaseModel):
    """How the deliveries of a feed reach us; each channel has a module of its name with its `Options`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: str
    """The channel's name: the stem of its module here and in spark_jobs/intake/channels."""
    title: ClassVar[str]
    """What the channel is called in Chinese."""
    yields: ClassVar[Literal["files", "rows"]]
    """files: what arrives is in the contract's format, and can be sent again. rows: what was read is kept as rows in
    the canonical form, and nobody can send it again."""
    is_pulled: ClassVar[bool]
    """We fetch it, at the feed's own times; nobody puts anything into the feed's inbox."""

    @abstractmethod
    def describe(self, feed_id: str) -> str:
        """How it arrives, in Chinese, for the data dictionary."""

    def source(self) -> str | None:
        """Name in LAKE_SOURCES of the bureau system that we fetch from; None: we fetch from none."""
        return None

    def row_names(self) -> tuple[str, ...]:
        """Source columns by which the bureau finds a row in its own system; none where it sent a file."""
        return ()


class FileOptions(ChannelOptions):
    """A channel of files whose names say which day they are of."""

    yields = "files"
    pattern: str
    """Regular expression of file names; its group `business_date` dates the delivery."""


class CompareKeys(BaseModel):
    """A comparison of all keys of the source with those that the lake has: it finds what is deleted without a mark.

    What is gone comes as a delivery of its own, each row as it was last, but for the column of `write.delete_mark`,
    which has `mark`, and the update time, which is that of the comparison.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    every_days: int = Field(gt=0)
    """Calendar days from one comparison to the next."""
    mark: str
    """A value of `write.delete_mark` that the source itself never gives; its column need not be at the source."""
    max_share: float = Field(default=0.2, gt=0, le=1)
    """Above this share of the lake's rows nothing is ended and the comparison is rejected: a source that shows half of
    itself has not deleted the other half. Ten rows may always go."""


class PullOptions(ChannelOptions):
    """A channel of rows that we read by their time of change; each read becomes a delivery."""

    yields = "rows"
    is_pulled = True

    connection: str
    """Name of a source in LAKE_SOURCES; the URL is never in a contract."""
    key: tuple[str, ...] = Field(min_length=1)
    """Source columns that tell a row from others; they name bad rows to the bureau."""
    updated_at: str | None = None
    """Column that the source sets at every change. Rows where it says nothing are compared with what the lake has;
    without such a column every pull reads all of it, and takes what the lake does not have as it is."""
    since: AwareDatetime
    """The first pull's start."""
    overlap_minutes: int = Field(default=60, ge=0)
    """How far a pull looks back: long transactions at the source appear late with an older update time.
    Of rows that are read again those are taken that are no longer what the lake has of their key."""
    window_days: int | None = Field(default=None, gt=0)
    """What is read at once at most; a longer time is several deliveries, so that what was read stays read when the
    source breaks off in the middle of years."""
    compare_keys: CompareKeys | None = None

    def row_names(self) -> tuple[str, ...]:
        """See ChannelOptions.row_names."""
        return tuple(dict.fromkeys((*self.key, *filter(None, [self.updated_at]))))

    def source(self) -> str:
        """See ChannelOptions.source."""
        return self.connection
