"""Workbooks, written without their archive, so that mutations reach their XML."""

from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

from expectations.contract.feed import FeedContract
from tests.fuzz.drawing import Delivery, Draw
from tests.unit.intake.formats.workbooks import HEADER, PARTS, archive, book, sheet

WEIGHT = 4
OPTIONS: tuple[dict[str, Any], ...] = (
    {"format": "xlsx"},
    {"format": "xlsx", "sheet": "甲"},
    {"format": "xlsx", "header_row": 2},
    {"format": "xlsx", "header_rows": 2, "blocks": {"columns": ["编号"]}},
    {"format": "xlsx", "sheets": "all", "sheet_column": "编号"},
)
_BETWEEN = b"====="
_SHEET = "xl/worksheets/sheet1.xml"
_IN_ORDER = (_SHEET, "xl/sharedStrings.xml", "xl/styles.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels")


def content(data: bytes) -> bytes:
    """The workbook of some parts, or an archive as it is."""
    if data.startswith(b"PK"):
        return data
    return archive({**PARTS, **dict(zip(_IN_ORDER, data.split(_BETWEEN), strict=False))})


@st.composite
def deliveries(draw: Draw, contracts: Sequence[FeedContract]) -> Delivery:
    """Workbooks of one worksheet."""
    number = draw(st.integers(0, len(contracts) - 1))
    rows = draw(st.lists(_ROWS, max_size=5))
    merged = draw(st.just([]) | st.just([]) | st.lists(_MERGED, max_size=1) | st.lists(_MERGED, max_size=3))
    after = "".join(f'<mergeCells><mergeCell ref="{each}"/></mergeCells>' for each in merged)
    extra = draw(st.sampled_from(["", '<c r="C1" t="str"><v>x</v></c>', '<c t="str"><v>_xD800_</v></c>']))
    return number, book("".join(rows), after, header=HEADER.replace("</row>", f"{extra}</row>"))


def seeds() -> list[bytes]:
    """Parts of a workbook, one part, and a whole workbook."""
    rows = (
        '<row r="2" hidden="1"><c r="A2" t="s"><v>0</v></c><c r="B2" s="1"><v>45000.5</v></c></row>'
        '<row><c t="inlineStr"><is><r><t>甲</t></r><rPh><t>x</t></rPh></is></c><c t="e"><v>#N/A</v></c></row>'
        '<row r="9"><c r="A9" t="str"><f>1</f><v>_x000D_</v></c><c r="D9" t="b"><v>1</v></c></row>'
    )
    merged = '<mergeCells count="1"><mergeCell ref="A2:B9"/></mergeCells>'
    parts = {**PARTS, _SHEET: sheet(rows, merged)}
    return [_BETWEEN.join(parts[name].encode() for name in _IN_ORDER), parts[_SHEET].encode(), book(rows, merged)]


_VALUES = st.sampled_from(
    ["", "0", "1", "-1", " 7 ", "1e308", "1e309", "2958465.9999999", "60", "0.99999999", "9999-12-31T23:59:59.9"]
    + ["#N/A", "_xD800_", "_xD840__xDC0B_", "_x0000_", "true", "甲", "&#13;", "]]&gt;", "99999999999999999999", "NaN"]
    + ["\ufffd"]
)
_PLACES = st.sampled_from(
    [""] * 100 + [' r="A2"', ' r="B2"', ' r="XFD2"', ' r="A9"', ' r="1"', ' r="ZZZ2"', ' r="C1048576"']
)
_CELLS = st.builds(
    lambda place, kind, style, element, value: f"<c{place}{kind}{style}>{element.replace('*', value)}</c>",
    _PLACES,
    st.sampled_from(["", ' t="s"', ' t="str"', ' t="inlineStr"', ' t="d"', ' t="e"', ' t="b"', ' t="?"']),
    st.sampled_from(["", ' s="1"', ' s="2"', ' s="-1"', ' s="x"']),
    st.sampled_from(
        ["<v>*</v>", "<is><t>*</t></is>", "<f>*</f>", "<v>*</v><v>*</v>", "<is><rPh><t>*</t></rPh></is>", "*"]
    ),
    _VALUES,
)
_NUMBERS = st.sampled_from([""] * 60 + [' r="2"', ' r="9" hidden="1"', ' r="1"', ' r="0"', ' r="1048576"', ' r="1e30"'])
_ROWS = st.builds(lambda number, cells: f"<row{number}>{''.join(cells)}</row>", _NUMBERS, st.lists(_CELLS, max_size=4))
_MERGED = st.sampled_from(
    ["A1:B1", "A2:A9", "B2:XFD1048576", "A2:B2", "C5", "B2:B3", "A1048576:B1048576", "B2:A1", "A:B", ""]
)
