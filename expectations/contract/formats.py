"""How the bytes of a delivery are read."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Encoding = Literal["utf-8", "utf-16", "gbk", "gb18030"]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Csv(_Frozen):
    """Delimited text with one header line (RFC 4180, any delimiter)."""

    format: Literal["csv"]
    encoding: Encoding
    delimiter: str = Field(default=",", min_length=1, max_length=1)
    quote: Literal['"'] | None = '"'
    """None: quotes are data."""
    compression: Literal["gzip"] | None = None


class Xlsx(_Frozen):
    """One worksheet.

    Merged cells take the value of their first cell; hidden rows and sheets are counted and named in the receipt.
    """

    format: Literal["xlsx"]
    sheet: str | None = None
    """Name of the worksheet; None: the first visible one, and a second with data is an error."""
    header_row: int = Field(default=1, ge=1)


class Json(_Frozen):
    """One JSON document that holds an array of flat objects."""

    format: Literal["json"]
    encoding: Encoding = "utf-8"
    records: str = "item"
    """Where the array is, as an ijson prefix: `item` for a top-level array, `data.item` for {"data": […]}."""


class JsonLines(_Frozen):
    """One flat JSON object a line."""

    format: Literal["jsonl"]
    encoding: Encoding = "utf-8"
    compression: Literal["gzip"] | None = None


Decoding = Csv | Xlsx | Json | JsonLines
