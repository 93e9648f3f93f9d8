"""The department keeps files on an SFTP server, and we fetch them."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from expectations.contract.channel_options import FileOptions
from expectations.contract.file_names import DatedName, in_words


def _is_below(folder: str) -> str:
    if folder.startswith("/") or any(part in {"", ".", ".."} for part in folder.split("/") if folder):
        raise ValueError("folder is below the path of the source's URL: a plain relative path, or nothing")
    return folder


class Sftp(FileOptions):
    """Files in a folder of an SFTP server; subfolders, links and hidden names are not deliveries."""

    is_pulled = True
    title = "SFTP"

    kind: Literal["sftp"]
    connection: str
    """Name of a source in LAKE_SOURCES, `sftp://user@host:port/base/folder?key=…&known_hosts=…`."""
    folder: Annotated[str, AfterValidator(_is_below)] = ""
    """Below the path of the URL."""
    pattern: DatedName
    stable_for_seconds: int = Field(default=60, ge=1)
    """A file is complete when neither its size nor its time has changed for so long. A server tells whole seconds, so
    a file that is taken within the second in which it was written could change unseen."""

    def source(self) -> str:
        """See ChannelOptions.source."""
        return self.connection

    def describe(self, feed_id: str) -> str:
        """See ChannelOptions.describe."""
        where = f"目录 `{self.folder}`" if self.folder else "约定目录"
        return f"放入来源 `{self.connection}` 的 SFTP 服务器{where}，由数据湖提取，文件名 `{in_words(self.pattern)}`"
