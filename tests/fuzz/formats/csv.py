"""Delimited text."""

from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

from expectations.contract.feed import FeedContract
from tests.fuzz.drawing import TEXTS, Delivery, Draw, packed

WEIGHT = 2
OPTIONS: tuple[dict[str, Any], ...] = (
    {"format": "csv", "encoding": "utf-8"},
    {"format": "csv", "encoding": "gb18030", "delimiter": "|"},
    {"format": "csv", "encoding": "gbk", "quote": None},
    {"format": "csv", "encoding": "utf-16", "delimiter": "\t"},
    {"format": "csv", "encoding": "utf-8", "compression": "gzip"},
)


@st.composite
def deliveries(draw: Draw, contracts: Sequence[FeedContract]) -> Delivery:
    """Delimited text."""
    number = draw(st.integers(0, len(contracts) - 1))
    options: Any = contracts[number].layout
    header = draw(st.sampled_from([["编号", "姓名"], ["姓名", "编号", "x"], ["原行号", "编号", "姓名"], ["编号"]]))
    fields = st.sampled_from(['"', '""', '"甲\n"', '"a""b"', '"a"b', f'"{options.delimiter}"', "\n"]) | TEXTS
    width = st.just(len(header)) | st.integers(0, 4)
    records = draw(st.lists(width.flatmap(lambda count: st.lists(fields, min_size=count, max_size=count)), max_size=6))
    ends = st.sampled_from(["\n", "\n", "\r\n", "\n\n", ""])
    text = "".join(options.delimiter.join(record) + draw(ends) for record in [header, *records])
    return number, packed(draw, text, options)


def seeds() -> list[bytes]:
    """Tables of every delimiter and charset."""
    text = '编号,姓名\n1,"甲\n""乙"""\n2\n\n3,丙,丁\r\n'
    texts = [text, text.replace(",", "|"), text.replace(",", "\t")]
    return [each.encode(encoding) for each in texts for encoding in ("utf-8", "utf-8-sig", "gb18030", "utf-16")]
