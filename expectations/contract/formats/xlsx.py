"""Worksheets of a workbook."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from expectations.contract.format_options import FormatOptions


class Blocks(BaseModel):
    """Blocks of rows: a household's row, and beneath it the rows of its members."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    columns: tuple[str, ...] = Field(min_length=1)
    """Source columns of the block as a whole, which are filled in its first row and hold for the rows beneath it;
    a row with a value in the first of them begins a block."""
    head: Literal["carried", "row"] = "carried"
    """A block's first row, where it has no value in other columns: no row of its own unless nothing is beneath it, or
    a row like any."""


class Xlsx(FormatOptions):
    """One worksheet, or several.

    Merged cells take the value of their first cell; hidden rows and sheets are counted and named in the receipt.
    """

    format: Literal["xlsx"]
    sheet: str | None = None
    """Name of the worksheet; None: the first visible one, and a second with data is an error."""
    sheets: Literal["all"] | tuple[str, ...] | None = None
    """Several worksheets, each with its header: all that are visible and not empty, or those of these names. Rows of
    the second are numbered from 20,000,001 on, those of the third from 30,000,001, and so on."""
    sheets_except: tuple[str, ...] = ()
    """Worksheets that are not read where `sheets` is all, such as instructions."""
    sheet_column: str | None = None
    """The source column that is filled with the worksheet's name."""
    header_row: int = Field(default=1, ge=1)
    """The first row of the header; 2 where a line with the title stands above it."""
    header_rows: int = Field(default=1, ge=1, le=10)
    """Rows of the header; a column is called by what stands above it, from top to bottom: `申请人/姓名`."""
    blocks: Blocks | None = None
    """Where rows are grouped, each group with a row of its own above it."""

    @model_validator(mode="after")
    def _sheets_agree(self) -> "Xlsx":
        if self.sheet is not None and self.sheets is not None:
            raise ValueError("sheet names one worksheet, sheets several: only one of them can be given")
        if self.sheets_except and self.sheets != "all":
            raise ValueError("sheets_except is for sheets: all")
        return self

    @property
    def last_header_row(self) -> int:
        """The row above the first of data."""
        return self.header_row + self.header_rows - 1

    @property
    def is_plain(self) -> bool:
        """One worksheet, one header row, each row by itself."""
        return self.sheets is None and self.sheet_column is None and self.header_rows == 1 and self.blocks is None

    def refuse_sources(self, sources: tuple[str, ...]) -> None:
        """Refuse a contract without a column that these options name."""
        named = (*(self.blocks.columns if self.blocks else ()), *((self.sheet_column,) if self.sheet_column else ()))
        missing = [name for name in named if name not in sources]
        if missing:
            raise ValueError(f"decode names what is neither a column nor ignored: {', '.join(missing)}")

    def sample_of(self, source: str, text: str) -> str:
        """Of the column that has the worksheet's name, the first worksheet of those that are named."""
        if source == self.sheet_column and isinstance(self.sheets, tuple):
            return self.sheets[0]
        return text

    @property
    def suffixes(self) -> tuple[str, ...]:
        """`.xlsx`."""
        return (".xlsx",)

    def describe(self) -> str:
        """Which worksheets, where the header is, what is carried down."""
        rows = f"{self.header_row}" if self.header_rows == 1 else f"{self.header_row} 至 {self.last_header_row}"
        parts = [f"xlsx，工作表 {self._which()}，表头在第 {rows} 行"]
        if self.sheet_column:
            parts.append(f"工作表名称为 `{self.sheet_column}`")
        if self.blocks:
            parts.append(f"{'、'.join(self.blocks.columns)} 填在每户首行，其下各行为成员")
        return "，".join(parts)

    def _which(self) -> str:
        if self.sheets is None:
            return self.sheet or "第一张"
        if self.sheets == "all":
            return "全部" + (f"（{'、'.join(self.sheets_except)} 除外）" if self.sheets_except else "")
        return "、".join(self.sheets)
