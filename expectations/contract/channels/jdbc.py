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
    """Column that the source sets at every change."""
    key: tuple[str, ...] = Field(min_length=1)
    """Source columns that tell a row of the table from others; they name bad rows to the bureau."""
    since: AwareDatetime
    """The first pull's start."""
    overlap_minutes: int = Field(default=60, ge=0)
    """How far a pull looks back: long transactions at the source appear late with an older update time."""

    def describe(self, feed_id: str) -> str:
        """See ChannelOptions.describe."""
        return f"每次抽取表 `{self.table}`，按 `{self.updated_at}` 增量"
