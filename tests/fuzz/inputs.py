"""Inputs of the fuzzer: from its bytes to a delivery, and the deliveries to begin with."""

import json
from collections.abc import Callable
from pathlib import Path

from tests.fuzz.decoding import CONTRACTS
from tests.unit.intake.formats.workbooks import PARTS, archive, book, sheet

BETWEEN = b"====="
"""Between the parts of a workbook, which are written without archive, so that mutations reach their XML."""
_SHEET = "xl/worksheets/sheet1.xml"
_IN_ORDER = (_SHEET, "xl/sharedStrings.xml", "xl/styles.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels")


def delivery(format_: str, data: bytes) -> tuple[int, bytes]:
    """Number of the contract, and the file, that the fuzzer's bytes say."""
    number, content = (data[0] if data else 0) % len(CONTRACTS[format_]), data[1:]
    return number, _workbook(content) if format_ == "xlsx" else content


def _workbook(content: bytes) -> bytes:
    if content.startswith(b"PK"):
        return content
    return archive({**PARTS, **dict(zip(_IN_ORDER, content.split(BETWEEN), strict=False))})


def seeds(format_: str) -> list[bytes]:
    """Deliveries to begin with, of every contract."""
    return [bytes([number]) + each for number in range(len(CONTRACTS[format_])) for each in _SEEDS[format_]()]


def found(format_: str) -> list[Path]:
    """Inputs that once broke a decoder."""
    return sorted((Path(__file__).parent / "found" / format_).glob("[!.]*"))


def _workbooks() -> list[bytes]:
    rows = (
        '<row r="2" hidden="1"><c r="A2" t="s"><v>0</v></c><c r="B2" s="1"><v>45000.5</v></c></row>'
        '<row><c t="inlineStr"><is><r><t>甲</t></r><rPh><t>x</t></rPh></is></c><c t="e"><v>#N/A</v></c></row>'
        '<row r="9"><c r="A9" t="str"><f>1</f><v>_x000D_</v></c><c r="D9" t="b"><v>1</v></c></row>'
    )
    merged = '<mergeCells count="1"><mergeCell ref="A2:B9"/></mergeCells>'
    parts = {**PARTS, _SHEET: sheet(rows, merged)}
    return [BETWEEN.join(parts[name].encode() for name in _IN_ORDER), parts[_SHEET].encode(), book(rows, merged)]


def _records() -> list[str]:
    return [
        json.dumps({"编号": "1", "姓名": "甲"}, ensure_ascii=False),
        '{"编号":12345678901234567890,"姓名":"\\ud800"}',
        '{"编号":[1.10],"姓名":null,"原行号":"7","x":{"a":[]}}',
    ]


def _documents() -> list[bytes]:
    array = f"[{','.join(_records())}]"
    texts = [
        array,
        f'{{"data":{array},"n":[1,{{}}],"data":{array}}}',
        f'{{"data":[{{"rows":{array}}},{{"rows":null}}]}}',
    ]
    return [text.encode() for text in texts] + [array.encode("utf-16"), array.encode("gb18030")]


def _lines() -> list[bytes]:
    text = "\n".join(_records()) + "\r\n\n"
    return [text.encode(), text.encode("utf-16"), text.encode("gb18030")]


def _tables() -> list[bytes]:
    text = '编号,姓名\n1,"甲\n""乙"""\n2\n\n3,丙,丁\r\n'
    texts = [text, text.replace(",", "|"), text.replace(",", "\t")]
    return [each.encode(encoding) for each in texts for encoding in ("utf-8", "utf-8-sig", "gb18030", "utf-16")]


_SEEDS: dict[str, Callable[[], list[bytes]]] = {
    "xlsx": _workbooks,
    "json": _documents,
    "jsonl": _lines,
    "csv": _tables,
}
