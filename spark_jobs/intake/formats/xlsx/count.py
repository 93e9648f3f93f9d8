"""A worksheet's rows counted by its XML events alone, and what else in it a receipt must name."""

from dataclasses import dataclass, field
from typing import IO, NamedTuple
from xml.parsers import expat

from openpyxl.utils.cell import range_boundaries

from expectations.rejections import DeliveryRejected

MAX_MERGED = 100_000

_BLOCK = 1 << 20


class Merged(NamedTuple):
    """A merged range, all bounds inclusive and from 1."""

    first_column: int
    first_row: int
    last_column: int
    last_row: int


@dataclass
class SheetCount:
    """What one pass over a worksheet finds."""

    header_row: int
    rows: int = 0
    """Rows below the header with at least one value."""
    hidden_rows: int = 0
    """Those of them that are hidden."""
    formulas: int = 0
    merged: list[Merged] = field(default_factory=list)
    _number: int = 0
    _is_hidden: bool = False
    _has_value: bool = False
    _in_value: bool = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        name = name.rpartition(":")[2]
        if name in {"v", "t"}:
            self._in_value = True
        elif name == "row":
            self._number = int(attributes.get("r") or self._number + 1)
            self._is_hidden = attributes.get("hidden") in {"1", "true"}
            self._has_value = False
        elif name == "f":
            self.formulas += 1
        elif name == "mergeCell":
            self._add_merged(attributes.get("ref", ""))

    def text(self, _: str) -> None:
        """Character data."""
        if self._in_value:
            self._has_value = True

    def end(self, name: str) -> None:
        """An element ends."""
        name = name.rpartition(":")[2]
        if name in {"v", "t"}:
            self._in_value = False
        elif name == "row" and self._has_value and self._number > self.header_row:
            self.rows += 1
            self.hidden_rows += self._is_hidden

    def _add_merged(self, reference: str) -> None:
        if len(self.merged) >= MAX_MERGED:
            raise DeliveryRejected("archive_limits", detail=f"合并单元格超过 {MAX_MERGED} 处")
        bounds = range_boundaries(reference)
        if None not in bounds:
            self.merged.append(Merged(*bounds))


def count_sheet(part: IO[bytes], header_row: int) -> SheetCount:
    """Count a worksheet's rows in one pass; memory is bounded by its merged ranges.

    Raises:
        DeliveryRejected: `compression_damaged` or `archive_limits`.
    """
    count = SheetCount(header_row)
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = count.start
    parser.EndElementHandler = count.end
    parser.CharacterDataHandler = count.text
    try:
        while block := part.read(_BLOCK):
            parser.Parse(block, False)
        parser.Parse(b"", True)
    except (expat.ExpatError, ValueError) as error:
        raise DeliveryRejected("compression_damaged", detail=f"工作表：{error}") from error
    count.merged.sort(key=lambda merged: merged.first_row)
    return count
