"""The department puts files into its inbox."""

from typing import Literal

from pydantic import Field

from expectations.contract.channel_options import FileOptions
from expectations.contract.file_names import DatedName, in_words


class Drop(FileOptions):
    """The department puts files into `inbox/<agency>/<feed>/`."""

    is_pulled = False
    title = "投递"

    kind: Literal["drop"]
    pattern: DatedName
    manifest: Literal["required", "optional"] = "optional"
    """A file `<name>.manifest.json` beside it: {"file", "bytes", "sha256", "rows", "business_date", "corrects"}; the
    last is the number of a receipt, or the name of a file, whose delivery this file takes the place of."""
    stable_for_seconds: int = Field(default=60, ge=0)
    """Without a manifest, a file is complete when its size has not changed for so long."""
    incomplete_after_hours: int = Field(default=24, gt=0)
    """A file that still differs from its manifest by then is rejected as incomplete."""

    def describe(self, feed_id: str) -> str:
        """See ChannelOptions.describe."""
        return f"放入 `inbox/{feed_id}/`，文件名 `{in_words(self.pattern)}`"
