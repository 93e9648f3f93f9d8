"""What the options of every channel have in common."""

from abc import abstractmethod
from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict


class ChannelOptions(BaseModel):
    """How the deliveries of a feed reach us; each channel has a module of its name with its `Options`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: str
    """The channel's name: the stem of its module here and in spark_jobs/intake/channels."""
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
