"""Which bytes of a line are which column: as the contract says, or as a file of rows to fix says of itself."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate

from expectations.contract.feed import FeedContract
from expectations.contract.formats.fixed_width import FixedWidth
from expectations.rejections import DeliveryRejected
from spark_jobs.intake.formats.machinery.chunk import MAX_RECORD_BYTES
from spark_jobs.intake.formats.machinery.header import Header, read_header

MARK = "待更正数据，各字段字节数："
"""What the first line of a file of rows to fix begins with; a JSON object of widths by column name follows."""


@dataclass(frozen=True)
class Layout:
    """The fields of every line of one file."""

    header: Header
    widths: tuple[int, ...]

    @property
    def line(self) -> int:
        """Bytes of a line without its line break."""
        return sum(self.widths)

    @property
    def edges(self) -> list[tuple[int, int]]:
        """Where each field begins and ends."""
        ends = list(accumulate(self.widths))
        return list(zip([0, *ends], ends, strict=False))


def layout_of_contract(contract: FeedContract, options: FixedWidth, notes: list[str]) -> Layout:
    """The layout of an ordinary delivery."""
    return Layout(read_header(list(options.fields), contract, notes), tuple(options.fields.values()))


def layout_line(widths: Mapping[str, int]) -> str:
    """The first line of a file of rows to fix."""
    return MARK + json.dumps(widths, ensure_ascii=False)


def layout_of_line(line: str, contract: FeedContract, notes: list[str]) -> Layout:
    """The layout that a file of rows to fix states in its first line.

    Raises:
        DeliveryRejected: `header_missing`: the line was changed so that it cannot be read; or as `read_header` raises.
    """
    try:
        fields = json.loads(line.removeprefix(MARK), object_pairs_hook=list)
    except (ValueError, RecursionError) as error:
        raise DeliveryRejected("header_missing") from error
    if not isinstance(fields, list) or not all(_is_field(field) for field in fields):
        raise DeliveryRejected("header_missing")
    return Layout(read_header([name for name, _ in fields], contract, notes), tuple(width for _, width in fields))


def _is_field(field: object) -> bool:
    """A name and a width, as the pairs of a JSON object are read."""
    if not isinstance(field, tuple):
        return False
    _, width = field
    return type(width) is int and 0 < width <= MAX_RECORD_BYTES
