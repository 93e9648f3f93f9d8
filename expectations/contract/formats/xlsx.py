"""One worksheet of a workbook."""

from typing import Literal

from pydantic import Field

from expectations.contract.format_options import FormatOptions


class Xlsx(FormatOptions):
    """One worksheet.

    Merged cells take the value of their first cell; hidden rows and sheets are counted and named in the receipt.
    """

    format: Literal["xlsx"]
    sheet: str | None = None
    """Name of the worksheet; None: the first visible one, and a second with data is an error."""
    header_row: int = Field(default=1, ge=1)

    @property
    def suffixes(self) -> tuple[str, ...]:
        """`.xlsx`."""
        return (".xlsx",)

    def describe(self) -> str:
        """Which worksheet, and where its header is."""
        return f"xlsx，工作表 {self.sheet or '第一张'}，表头在第 {self.header_row} 行"
