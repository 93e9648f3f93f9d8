"""Lines of fixed width, ordinary ones and those of rows to fix, whose first line states the widths."""

from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

from expectations.contract.feed import FeedContract
from tests.fuzz.drawing import TEXTS, Delivery, Draw, packed

WEIGHT = 1
OPTIONS: tuple[dict[str, Any], ...] = (
    {"format": "fixed_width", "encoding": "utf-8", "fields": {"编号": 4, "姓名": 6}},
    {"format": "fixed_width", "encoding": "gbk", "fields": {"姓名": 5, "编号": 3}},
    {"format": "fixed_width", "encoding": "gb18030", "fields": {"编号": 4, "姓名": 8}, "padding": "#"},
    {"format": "fixed_width", "encoding": "gb18030", "fields": {"编号": 1, "姓名": 1}, "compression": "gzip"},
)
_MARK = "待更正数据，各字段字节数："
_STATED = st.sampled_from(
    [
        '{"原行号": 2, "编号": 4, "姓名": 6}',
        '{"编号": 4, "编号": 6}',
        '{"编号": 0}',
        '{"编号": 1e9}',
        '{"编号": 16777217}',
    ]
    + ["[", "{}", "[1]"]
)


@st.composite
def deliveries(draw: Draw, contracts: Sequence[FeedContract]) -> Delivery:
    """Lines that are mostly as wide as they must be."""
    number = draw(st.integers(0, len(contracts) - 1))
    options: Any = contracts[number].layout
    lines = [f"{_MARK}{draw(_STATED)}\r\n"] if draw(st.booleans()) else []
    ends = st.sampled_from(["\n", "\n", "\r\n", "\n\n", ""])
    for _ in range(draw(st.integers(0, 5))):
        fields = (_field(draw, width, options) for width in options.fields.values())
        lines.append("".join(fields) + draw(ends))
    return number, packed(draw, "".join(lines), options)


def _field(draw: Draw, width: int, options: Any) -> str:
    text, padding = str(draw(TEXTS) + draw(TEXTS)), str(options.padding)
    room: int = width - len(text.encode(options.encoding, "ignore")) + draw(st.sampled_from([0, 0, 0, 0, 0, 1, -1]))
    return text + padding * max(room, 0)


def seeds() -> list[bytes]:
    """Lines of every charset, and rows to fix."""
    text = "0001张三  \n0002李四  \r\n\n03王五\n"
    exported = f'{_MARK}{{"原行号": 2, "编号": 4, "姓名": 6}}\r\n2 0001张三  \r\n'
    return [each.encode(encoding) for each in (text, exported) for encoding in ("utf-8", "gbk", "gb18030")]
