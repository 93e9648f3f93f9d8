"""We read a table of the bureau's database."""

from typing import Literal

from expectations.contract.channel_options import PullOptions


class Jdbc(PullOptions):
    """We read a table of the bureau's database by update time; each read becomes a delivery."""

    title = "数据库"

    kind: Literal["jdbc"]
    table: str

    def describe(self, feed_id: str) -> str:
        """See ChannelOptions.describe."""
        how = f"按 `{self.updated_at}` 增量" if self.updated_at else "与已有数据比对后取增量"
        return f"每次抽取表 `{self.table}`，{how}"
