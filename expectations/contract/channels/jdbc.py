"""We read a table of the bureau's database."""

from typing import Literal

from pydantic import AwareDatetime, Field

from expectations.contract.channel_options import ChannelOptions


class Jdbc(ChannelOptions):
    """We read a table of the bureau's database by update time; each read becomes a delivery."""

    yields = "rows"
    is_pulled = True

    kind: Literal["jdbc"]
    connection: str
    """Name of a source in LAKE_SOURCES; the URL is never in a contract."""
    table: str
    updated_at: str
    """Column that the source sets at every change. Rows where it says nothing are compared with what the lake has."""
    key: tuple[str, ...] = Field(min_length=1)
    """Source columns that tell a row of the table from others; they name bad rows to the bureau."""
    since: AwareDatetime
    """The first pull's start."""
    overlap_minutes: int = Field(default=60, ge=0)
    """How far a pull looks back: long transactions at the source appear late with an older update time.
    Of rows that are read again those are taken that are no longer what the lake has of their key."""

    def row_names(self) -> tuple[str, ...]:
        """See ChannelOptions.row_names."""
        return tuple(dict.fromkeys((*self.key, self.updated_at)))

    def source(self) -> str:
        """See ChannelOptions.source."""
        return self.connection

    def describe(self, feed_id: str) -> str:
        """See ChannelOptions.describe."""
        return f"每次抽取表 `{self.table}`，按 `{self.updated_at}` 增量"
