"""Lines of fixed width in bytes, without a header; a Chinese character takes two bytes in GBK."""

from typing import Annotated, Literal

from pydantic import Field, field_validator

from expectations.contract.format_options import TextOptions

Width = Annotated[int, Field(ge=1, le=1_000_000, strict=True)]


class FixedWidth(TextOptions):
    """Lines of fixed width in bytes, ended by LF or CRLF, without a header."""

    format: Literal["fixed_width"]
    encoding: Literal["utf-8", "gbk", "gb18030"]
    fields: dict[str, Width] = Field(min_length=1)
    """Source column -> its width in bytes, in the order of the line; a column that is ignored has its width too."""
    padding: str = Field(default=" ", min_length=1, max_length=1)
    """What fills a field up, on whichever side; it is no part of the value."""

    @field_validator("padding")
    @classmethod
    def _padding_is_a_mark(cls, value: str) -> str:
        """A letter or a digit may end a value, and `_` stands in the notation of characters that a file cannot hold."""
        if not value.isascii() or not value.isprintable() or value.isalnum() or value in "_\"'":
            raise ValueError("padding is a blank or an ASCII mark, but no letter, digit, _ or quote")
        return value

    @property
    def sources(self) -> tuple[str, ...]:
        """The columns, in the order of the line."""
        return tuple(self.fields)

    @property
    def suffixes(self) -> tuple[str, ...]:
        """`.txt` or `.dat`."""
        return self._packed(".txt", ".dat")

    def describe(self) -> str:
        """Encoding, width of a line and of each field, padding, and whether it is compressed."""
        widths = "、".join(f"{name} {width}" for name, width in self.fields.items())
        padding = "空格" if self.padding == " " else f"`{self.padding}`"
        return (
            f"定长文本，{self.encoding}，无表头，每行 {sum(self.fields.values())} 字节，"
            f"以{padding}填充{self._packing}；各字段字节数：{widths}"
        )
