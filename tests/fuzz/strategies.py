"""Deliveries that are mostly what their contract says, with what breaks decoders here and there in them."""

import gzip
from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from tests.fuzz.decoding import CONTRACTS
from tests.unit.intake.formats.workbooks import HEADER, book

Delivery = tuple[int, bytes]
"""Number of the contract, and the file."""
Draw = Callable[[st.SearchStrategy[Any]], Any]

_TEXTS = st.sampled_from(
    ["", "1", "甲", "𠮷", "ḿ", "１", "=1", "'=1", "_x0041_", "_xD800_", " ", "\u00a0", "\u200b", "\ufeff", "\ue000"]
    + ["\x00", "\x1b", "\x85", "\u2028", "\r", "\ufffd"]
)
_RARELY = st.integers(0, 19).map(lambda drawn: drawn == 0)


@st.composite
def tables(draw: Draw) -> Delivery:
    """Delimited text."""
    number = draw(st.integers(0, len(CONTRACTS["csv"]) - 1))
    options: Any = CONTRACTS["csv"][number].layout
    header = draw(st.sampled_from([["编号", "姓名"], ["姓名", "编号", "x"], ["原行号", "编号", "姓名"], ["编号"]]))
    fields = st.sampled_from(['"', '""', '"甲\n"', '"a""b"', '"a"b', f'"{options.delimiter}"', "\n"]) | _TEXTS
    width = st.just(len(header)) | st.integers(0, 4)
    records = draw(st.lists(width.flatmap(lambda count: st.lists(fields, min_size=count, max_size=count)), max_size=6))
    ends = st.sampled_from(["\n", "\n", "\r\n", "\n\n", ""])
    text = "".join(options.delimiter.join(record) + draw(ends) for record in [header, *records])
    return number, _packed(draw, text, options)


@st.composite
def documents(draw: Draw) -> Delivery:
    """JSON documents."""
    number = draw(st.integers(0, len(CONTRACTS["json"]) - 1))
    options: Any = CONTRACTS["json"][number].layout
    steps = options.records.split(".")
    return number, _packed(draw, _spoilt(draw, draw(_value_at(steps))), options)


@st.composite
def lines(draw: Draw) -> Delivery:
    """JSON lines."""
    number = draw(st.integers(0, len(CONTRACTS["jsonl"]) - 1))
    ends = st.sampled_from(["\n", "\n", "\r\n", "\n \n", ""])
    text = "".join(_spoilt(draw, record) + draw(ends) for record in draw(st.lists(_RECORDS, max_size=5)))
    return number, _packed(draw, text, CONTRACTS["jsonl"][number].layout)


@st.composite
def worksheets(draw: Draw) -> Delivery:
    """Workbooks of one worksheet."""
    number = draw(st.integers(0, len(CONTRACTS["xlsx"]) - 1))
    rows = draw(st.lists(_ROWS, max_size=5))
    merged = draw(st.just([]) | st.just([]) | st.lists(_MERGED, max_size=1) | st.lists(_MERGED, max_size=3))
    after = "".join(f'<mergeCells><mergeCell ref="{each}"/></mergeCells>' for each in merged)
    extra = draw(st.sampled_from(["", '<c r="C1" t="str"><v>x</v></c>', '<c t="str"><v>_xD800_</v></c>']))
    return number, book("".join(rows), after, header=HEADER.replace("</row>", f"{extra}</row>"))


def _packed(draw: Draw, text: str, options: Any) -> bytes:
    encoding = draw(st.sampled_from(["utf-8-sig", "gb18030", "utf-16-be"])) if draw(_RARELY) else options.encoding
    content = text.encode(encoding, "ignore")
    if draw(_RARELY):
        content = content[: len(content) // 2] + draw(st.binary(max_size=3)) + content[len(content) // 2 :]
    return gzip.compress(content, mtime=0) if getattr(options, "compression", None) else content


def _spoilt(draw: Draw, text: str) -> str:
    """The text, once in a while with something put in."""
    if not draw(_RARELY):
        return text
    at: int = draw(st.integers(0, len(text)))
    put: str = draw(st.sampled_from(["{", "}", "[", "]", ",", '"', "\\", "NaN", "\n", "\x00", "\ufffd"]))
    return text[:at] + put + text[at:]


_SCALARS = st.sampled_from(
    ["1", "-0", "1e400", "12345678901234567890", "null", "true", '""', '"甲"', '"\\ud800"', '"\\ud840\\udc0b"']
    + ['"\\u0000"', '"\\ufffd"', '"="', '"]"', '"\\""', '"_x0041_"', "[]", '[{"a":1}]', "NaN", "01"]
)
_KEYS = st.sampled_from(["编号", "姓名", "编号", "姓名", "\\u59d3\\u540d", "x", "原行号", "", "\\ud800"])
_RECORDS = st.lists(st.tuples(_KEYS, _SCALARS), max_size=3).map(
    lambda pairs: "{" + ",".join(f'"{key}" : {value}' for key, value in pairs) + "}"
) | st.sampled_from(['{"编号":"1","姓名":"甲"}', "[]", "7", '"a]b"', "null"])


def _value_at(steps: list[str]) -> st.SearchStrategy[str]:
    """A value that has records where the steps lead, also by keys that occur twice."""
    if not steps:
        return _RECORDS
    below = _value_at(steps[1:])
    if steps[0] == "item":
        return st.lists(below, max_size=3).map(lambda values: "[" + " ,".join(values) + "]")
    pairs = st.tuples(st.just(steps[0]), below | st.just("null")) | st.tuples(_KEYS, _SCALARS)
    members = st.lists(pairs, max_size=2).flatmap(lambda drawn: below.map(lambda value: [*drawn, (steps[0], value)]))
    return members.map(lambda drawn: "{" + ",".join(f'"{key}":{value}' for key, value in drawn) + "}")


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
