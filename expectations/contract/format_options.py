"""What the options of every file format have in common; each format's own are a module of `formats/`."""

from abc import abstractmethod
from typing import Literal

from pydantic import BaseModel, ConfigDict

Encoding = Literal["utf-8", "utf-16", "gbk", "gb18030"]


class FormatOptions(BaseModel):
    """How the bytes of a delivery are read: `decode` of a contract."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: str
    """The format's name, which is also the name of its modules here and in spark_jobs/intake/formats."""

    @property
    @abstractmethod
    def suffixes(self) -> tuple[str, ...]:
        """How names of such files end, the most usual first."""

    @property
    def suffixes_to_fix(self) -> tuple[str, ...]:
        """How names of files of rows to fix end, which a binary format gives back in another form."""
        return self.suffixes

    @property
    def sources(self) -> tuple[str, ...] | None:
        """The source columns of a file, where only the contract says what they are; None: the file says it."""
        return None

    def refuse_sources(self, sources: tuple[str, ...]) -> None:
        """Refuse source columns, ignored ones among them, that no file of this format can have.

        Raises:
            ValueError: there are such.
        """

    def sample_of(self, source: str, text: str) -> str:
        """The value of a column whose sample is that text, as such files hold it."""
        return text

    @abstractmethod
    def describe(self) -> str:
        """The format in Chinese, for the dictionary."""


class PackedOptions(FormatOptions):
    """Options of a format whose files may come compressed; places in such a file are counted in what was compressed."""

    compression: Literal["gzip"] | None = None

    @property
    def _packing(self) -> str:
        """In Chinese, whether files are compressed, to end a description with."""
        return "，gzip 压缩" if self.compression else ""

    def _packed(self, *suffixes: str) -> tuple[str, ...]:
        """The suffixes, as they are of compressed files where these are compressed."""
        return tuple(f"{suffix}.gz" for suffix in suffixes) if self.compression else suffixes


class TextOptions(PackedOptions):
    """Options of a format that is text in an encoding that the contract states."""

    encoding: Encoding = "utf-8"
