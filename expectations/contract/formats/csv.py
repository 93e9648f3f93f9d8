"""Delimited text with one header line (RFC 4180, any delimiter)."""

from typing import Literal

from pydantic import Field, field_validator

from expectations.contract.format_options import Encoding, TextOptions

_NAMES = {"\t": "制表符"}


class Csv(TextOptions):
    """Delimited text with one header line (RFC 4180, any delimiter)."""

    format: Literal["csv"]
    encoding: Encoding
    delimiter: str = Field(default=",", min_length=1, max_length=1)
    """One character between two fields."""
    quote: Literal['"'] | None = '"'
    """None: quotes are data."""
    header_row: int = Field(default=1, ge=1, le=100)
    """The line of the header; 2 where a line with the title stands above it. Blank lines in its place do not count."""

    @field_validator("delimiter")
    @classmethod
    def _delimiter_is_a_mark(cls, value: str) -> str:
        """A letter, a digit or `_` would stand in the notation of characters that a file cannot hold."""
        if not value.isascii() or value.isalnum() or value in "_\"'\r\n\0":
            raise ValueError("a delimiter is one ASCII character, but no letter, digit, _, quote or line break")
        return value

    @property
    def suffixes(self) -> tuple[str, ...]:
        """`.csv` or `.txt`."""
        return self._packed(".csv", ".txt")

    def describe(self) -> str:
        """Encoding, delimiter, where the header is, and whether it is compressed or without quotes."""
        delimiter = _NAMES.get(self.delimiter, f"`{self.delimiter}`")
        quotes = "" if self.quote else "，不用引号"
        header = f"，表头在第 {self.header_row} 行" if self.header_row > 1 else ""
        return f"csv，{self.encoding}，分隔符 {delimiter}{quotes}{header}{self._packing}"
