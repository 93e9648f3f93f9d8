"""Workbooks written by hand, as no spreadsheet program would write them."""

import io
import zipfile
from collections.abc import Mapping

NAMESPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_TYPES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
HEADER = (
    '<row r="1"><c r="A1" t="inlineStr"><is><t>编号</t></is></c><c r="B1" t="inlineStr"><is><t>姓名</t></is></c></row>'
)
PARTS = {
    "[Content_Types].xml": "<Types/>",
    "xl/workbook.xml": (
        f'<workbook {NAMESPACE} xmlns:r="{_TYPES}"><sheets><sheet name="甲" r:id="s"/></sheets></workbook>'
    ),
    "xl/_rels/workbook.xml.rels": (
        f'<Relationships><Relationship Id="s" Type="{_TYPES}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="t" Type="{_TYPES}/sharedStrings" Target="sharedStrings.xml"/>'
        f'<Relationship Id="u" Type="{_TYPES}/styles" Target="styles.xml"/></Relationships>'
    ),
    "xl/sharedStrings.xml": f"<sst {NAMESPACE}><si><t>共享</t></si></sst>",
    "xl/styles.xml": f'<styleSheet {NAMESPACE}><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>',
}


def sheet(rows: str, after: str = "", header: str = HEADER) -> str:
    """The XML of a worksheet."""
    return f"<worksheet {NAMESPACE}><sheetData>{header}{rows}</sheetData>{after}</worksheet>"


def archive(parts: Mapping[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip of these parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return out.getvalue()


def book(rows: str = "", after: str = "", *, header: str = HEADER, **changed: str | bytes) -> bytes:
    """A workbook of one worksheet with our header and these rows, with parts changed by the stem of their name."""
    parts: dict[str, str | bytes] = {**PARTS, "xl/worksheets/sheet1.xml": sheet(rows, after, header)}
    for stem, content in changed.items():
        parts[next(name for name in parts if name.rpartition("/")[2].startswith(stem))] = content
    return archive(parts)
