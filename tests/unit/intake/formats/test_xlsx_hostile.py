"""Workbooks that no spreadsheet program writes: RELIABILITY.md B21 to B25 at the decoder."""

import io
import json
import zipfile

import pytest

from expectations.rejections import DeliveryRejected
from tests.unit.intake.formats.decoding_cases import Decode
from tests.unit.intake.formats.workbooks import HEADER, NAMESPACE, PARTS, archive, book, sheet

XLSX = {"format": "xlsx"}
ROW = '<row r="2"><c r="A2"><v>1</v></c><c r="B2" t="s"><v>0</v></c></row>'
DTD = '<!DOCTYPE x [<!ENTITY a "b">]>'


def refused(decode: Decode, content: bytes, **decoding: object) -> str:
    with pytest.raises(DeliveryRejected) as rejected:
        decode(content, {**XLSX, **decoding})
    return rejected.value.code


def merges(*references: str) -> str:
    return "<mergeCells>" + "".join(f'<mergeCell ref="{each}"/>' for each in references) + "</mergeCells>"


def test_the_workbook_that_the_others_spoil_is_read(decode: Decode) -> None:
    assert decode(book(ROW), XLSX)[0].select(["number", "person_name"]).to_pylist() == [
        {"number": "1", "person_name": "共享"}
    ]


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(book('<row r="1e30"/>'), id="row number no integer"),
        pytest.param(book(f'<row r="{"9" * 5000}"/>'), id="row number of 5,000 digits"),
        pytest.param(book('<row r="1048577"/>'), id="row below the last"),
        pytest.param(book('<row r="0"/>'), id="row zero"),
        pytest.param(book(ROW + ROW), id="row twice"),
        pytest.param(book('<row r="9"><c r="A9"><v>1</v></c></row>' + ROW), id="rows out of order"),
        pytest.param(book('<row r="1048576"/><row/>'), id="row after the last"),
        pytest.param(book('<row r="2"><c r="XFE2"><v>1</v></c></row>'), id="column beyond XFD"),
        pytest.param(book('<row r="2"><c r="ZZZZ2"><v>1</v></c></row>'), id="column of four letters"),
        pytest.param(book('<row r="2"><c r="2"><v>1</v></c></row>'), id="no column"),
        pytest.param(book('<row r="2"><c r="A3"><v>1</v></c></row>'), id="cell of another row"),
        pytest.param(book('<row r="2"><c r="A2"><v>1</v></c><c r="A2"><v>2</v></c></row>'), id="cell twice"),
        pytest.param(book('<row r="2"><c r="A2"><c r="B2"/></c></row>'), id="cell in a cell"),
        pytest.param(book('<row r="2"><row r="3"/></row>'), id="row in a row"),
        pytest.param(book("<c><v>1</v></c>"), id="cell without row"),
        pytest.param(book(ROW, merges("A2:B3", "B3:C4")), id="merged cells overlap"),
        pytest.param(book(ROW, merges(*["A2:XFD1048576"] * 2)), id="all cells merged, twice"),
        pytest.param(book(ROW, merges("B3:A2")), id="merged backwards"),
        pytest.param(book(ROW, merges("A:B")), id="merged columns"),
        pytest.param(book(ROW, merges("A1:XFE1")), id="merged beyond the last column"),
        pytest.param(book(ROW, styles='<s><cellXfs><xf numFmtId="abc"/></cellXfs></s>'), id="number format abc"),
        pytest.param(book(ROW, styles=f'<s><numFmt numFmtId="{"9" * 5000}"/></s>'), id="number format of 5,000 digits"),
        pytest.param(book(ROW, sheet1=sheet(ROW)[:-20]), id="XML cut"),
        pytest.param(book(ROW, sheet1='<?xml version="1.0" encoding="x-none"?><a/>'), id="encoding that nobody knows"),
        pytest.param(book(ROW, sheet1='<?xml version="1.0" encoding="gb18030"?><a/>'), id="encoding of many bytes"),
        pytest.param(book(ROW, sheet1=b"\xff\xfe<\x00"), id="UTF-16 cut"),
        pytest.param(book(ROW, sharedStrings="<sst><si>"), id="shared strings cut"),
        pytest.param(book(ROW, sharedStrings=b"<sst><si><t>\xff</t></si></sst>"), id="no UTF-8"),
    ],
)
def test_what_breaks_the_standard_is_refused(decode: Decode, content: bytes) -> None:
    assert refused(decode, content) == "workbook_invalid"


@pytest.mark.parametrize("stem", ["sheet1", "sharedStrings", "styles", "workbook.xml"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_is_refused_by_the_content_of_each_part(decode: Decode, stem: str, encoding: str) -> None:
    parts: dict[str, str | bytes] = {**PARTS, "xl/worksheets/sheet1.xml": sheet(ROW)}
    name = next(name for name in parts if name.rpartition("/")[2].startswith(stem))
    parts[name] = f"{DTD}{parts[name]!s}".encode(encoding)
    assert refused(decode, archive(parts)) == "content_mismatch"


def test_a_document_type_is_refused_whatever_the_part_is_called(decode: Decode) -> None:
    relations = PARTS["xl/_rels/workbook.xml.rels"].replace("worksheets/sheet1.xml", "worksheets/sheet1.bin")
    parts = {**PARTS, "xl/_rels/workbook.xml.rels": relations}
    assert decode(archive({**parts, "xl/worksheets/sheet1.bin": sheet(ROW)}), XLSX)[0].num_rows == 1
    assert refused(decode, archive({**parts, "xl/worksheets/sheet1.bin": DTD + sheet(ROW)})) == "content_mismatch"


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        pytest.param('t="d"><v>9999-12-31T23:59:59.9</v>', "9999-12-31 23:59:59", id="last half second, ISO"),
        pytest.param('s="1"><v>2958465.999999</v>', "9999-12-31 23:59:59", id="last half second, serial"),
        pytest.param('t="d"><v>2024-02-29T08:30:00.6</v>', "2024-02-29 08:30:01", id="rounded"),
        pytest.param('t="d"><v>0999-02-03</v>', "0999-02-03", id="year of three digits"),
        pytest.param('t="d"><v>2024-02-29T08:30:00+08:00</v>', "2024-02-29T08:30:00+08:00", id="with an offset"),
        pytest.param('s="1"><v>-5</v>', "-5", id="date before the first"),
        pytest.param('s="1"><v>1e300</v>', "1E+300", id="date after the last"),
        pytest.param('t="b"><v>true</v>', "TRUE", id="boolean in letters"),
        pytest.param('t="str"><v>_xD840__xDC0B_</v>', "𠀋", id="two escapes, one character"),
        pytest.param('t="str"><v>_x005F_x0041_</v>', "_x0041_", id="escaped underscore"),
        pytest.param(f"><v>{'1' * 300}</v>", "1.11111E+299", id="300 digits"),
    ],
)
def test_unusual_cells_have_a_text(decode: Decode, cell: str, text: str) -> None:
    table, _ = decode(book(f'<row r="2"><c r="A2"><v>1</v></c><c r="B2" {cell}</c></row>'), XLSX)
    assert table["_defect"].to_pylist() == [None]
    assert table["person_name"].to_pylist() == [text]


@pytest.mark.parametrize(
    ("cell", "defect"),
    [
        pytest.param('t="str"><v>_xD800_</v>', "control_character", id="half a surrogate pair"),
        pytest.param('t="str"><v>_x0000_</v>', "control_character", id="NUL"),
        pytest.param('t="str"><v>\ufffd</v>', "control_character", id="U+FFFD"),
        pytest.param('t="s"><v>1</v>', "cell_error", id="shared string that is not there"),
        pytest.param('t="s"><v>-1</v>', "cell_error", id="shared string counted from the end"),
        pytest.param('t="zzz"><v>1</v>', "cell_error", id="kind that nobody knows"),
        pytest.param('s="abc"><v>1</v>', "cell_error", id="style no number"),
        pytest.param('t="b"><v>2</v>', "cell_error", id="boolean two"),
        pytest.param("><v>1_0</v>", "cell_error", id="digits as only Python reads them"),
        pytest.param("><v>NaN</v>", "cell_error", id="NaN"),
        pytest.param(f"><v>{'1' * 100_000}</v>", "cell_error", id="100,000 digits"),
        pytest.param("><v>1</v><v>2</v>", "cell_error", id="two values"),
        pytest.param('t="d"><v>2024-13-01</v>', "cell_error", id="month 13"),
    ],
)
def test_a_cell_that_has_no_text_makes_its_row_a_defect(decode: Decode, cell: str, defect: str) -> None:
    content = book(f'<row r="2"><c r="A2"><v>1</v></c><c r="B2" {cell}</c></row><row><c t="s"><v>0</v></c></row>')
    table, accounting = decode(content, XLSX)
    assert table["_defect"].to_pylist() == [defect, None]
    assert accounting.rows_counted == accounting.rows_parsed == 2


def test_a_defect_is_kept_in_a_form_that_any_table_holds(decode: Decode) -> None:
    error = '<row r="2"><c r="A2" t="e"><v>#N/A</v></c><c r="B2" t="str"><v>_xD800_甲</v></c></row>'
    table, _ = decode(book(error), XLSX)
    assert table["_defect"].to_pylist() == ["cell_error"]
    assert json.loads(table["_raw"][0].as_py()) == ["#N/A", "\ud800甲"]


def test_a_value_far_to_the_right_takes_the_room_of_a_value(decode: Decode) -> None:
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c><c r="XFD{n}"><v>1</v></c></row>' for n in range(2, 1002))
    table, _ = decode(book(rows), XLSX)
    assert set(table["_defect"].to_pylist()) == {"too_many_fields"}
    assert json.loads(table["_raw"][0].as_py()) == ["2", None, {"XFD": "1"}]
    assert table.nbytes < 200_000


def test_a_merged_value_is_not_spread_beyond_the_header(decode: Decode) -> None:
    table, accounting = decode(book(ROW, merges("B2:XFD1048576")), XLSX)
    assert table["person_name"].to_pylist() == ["共享"]
    assert table["_defect"].to_pylist() == [None]
    assert any("合并单元格 1 处" in note for note in accounting.notes)


def test_a_header_that_no_file_can_hold_is_shown_as_escapes(decode: Decode) -> None:
    header = HEADER.replace("</row>", '<c r="C1" t="str"><v>_xD800__x001B_</v></c></row>')
    content = book('<row r="2"><c r="A2"><v>1</v></c><c r="B2"><v>2</v></c><c r="C2"><v>3</v></c></row>', header=header)
    with pytest.raises(DeliveryRejected) as rejected:
        decode(content, XLSX)
    assert rejected.value.code == "unknown_column"
    assert rejected.value.message.isprintable()
    table, accounting = decode(content, XLSX, on_unknown_column="rescue")
    assert list(json.loads(table["_rescued"][0].as_py()).values()) == ["3"]
    json.dumps(accounting.notes, ensure_ascii=False).encode()


def test_phonetic_guides_are_no_values(decode: Decode) -> None:
    guide = '<row r="2"><c r="A2" t="inlineStr"><is><rPh sb="0" eb="1"><t>x</t></rPh></is></c></row>'
    assert decode(book(guide), XLSX)[1].rows_counted == 0
    table, _ = decode(
        book(ROW, sharedStrings="<s><si><r><t>共</t></r><rPh><t>x</t></rPh><r><t>享</t></r></si></s>"), XLSX
    )
    assert table["person_name"].to_pylist() == ["共享"]


def test_values_outside_the_sheets_data_are_no_records(decode: Decode) -> None:
    after = '<extLst><ext><row r="1"><c r="A1"><v>9</v></c></row><f>x</f></ext></extLst>'
    table, accounting = decode(book(ROW, after), XLSX)
    assert table.num_rows == accounting.rows_counted == 1


def test_a_row_may_not_grow_by_shared_strings(decode: Decode, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("spark_jobs.intake.formats.xlsx.rows.MAX_RECORD_BYTES", 100)
    long = f"<s><si><t>{'长' * 60}</t></si></s>"
    cells = '<c t="s"><v>0</v></c>'
    assert decode(book(f"<row>{cells}</row>", sharedStrings=long), XLSX)[0].num_rows == 1
    assert refused(decode, book(f"<row>{cells}{cells}</row>", sharedStrings=long)) == "archive_limits"


def test_sheets_without_end_are_refused(decode: Decode) -> None:
    sheets = '<sheet name="x" r:id="s"/>' * 1001
    workbook = f'<workbook {NAMESPACE} xmlns:r="r"><sheets>{sheets}</sheets></workbook>'
    assert refused(decode, archive({**PARTS, "xl/workbook.xml": workbook, "xl/worksheets/sheet1.xml": sheet(ROW)})) == (
        "archive_limits"
    )


def test_styles_without_end_are_refused(decode: Decode) -> None:
    styles = f"<s><cellXfs>{'<xf/>' * 100_001}</cellXfs></s>"
    assert refused(decode, book(ROW, styles=styles)) == "archive_limits"


@pytest.mark.parametrize(
    "target", ["../../../../etc/passwd", "/etc/passwd", "http://example.org/s.xml", "..\\..\\x", ""]
)
def test_targets_outside_the_archive_are_no_parts(decode: Decode, target: str) -> None:
    relations = PARTS["xl/_rels/workbook.xml.rels"].replace("worksheets/sheet1.xml", target)
    assert refused(decode, archive({**PARTS, "xl/_rels/workbook.xml.rels": relations})) == "sheet_missing"


@pytest.mark.parametrize("missing", [*PARTS, "xl/worksheets/sheet1.xml"])
def test_missing_parts_have_an_end(decode: Decode, missing: str) -> None:
    parts = {**PARTS, "xl/worksheets/sheet1.xml": sheet(ROW)}
    del parts[missing]
    if missing == "xl/styles.xml":
        assert decode(archive(parts), XLSX)[0].num_rows == 1
    elif missing == "xl/sharedStrings.xml":
        assert decode(archive(parts), XLSX)[0]["_defect"].to_pylist() == ["cell_error"]
    else:
        assert refused(decode, archive(parts)) in {"content_mismatch", "sheet_missing"}


def damaged(part: str, old: bytes, new: bytes) -> bytes:
    """A workbook stored without compression, with bytes of one part changed and its checksum left."""
    content = archive({**PARTS, "xl/worksheets/sheet1.xml": sheet(ROW)}, zipfile.ZIP_STORED)
    assert old in content, part
    return content.replace(old, new)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(damaged("sheet", b"<v>1</v>", b"<v>2</v>"), id="checksum of the worksheet"),
        pytest.param(damaged("strings", "共享".encode(), "享共".encode()), id="checksum of the shared strings"),
        pytest.param(archive({**PARTS, "xl/worksheets/sheet1.xml": sheet(ROW)})[:-30], id="cut"),
        pytest.param(b"PK\x03\x04" + b"\xff" * 200, id="nothing but a mark"),
    ],
)
def test_damaged_archives_are_refused(decode: Decode, content: bytes) -> None:
    assert refused(decode, content) == "compression_damaged"


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_compression_that_no_workbook_has_is_refused(decode: Decode, method: int) -> None:
    assert refused(decode, archive({**PARTS, "xl/worksheets/sheet1.xml": sheet(ROW)}, method)) == "archive_limits"


@pytest.mark.parametrize("second", ["xl/worksheets/sheet1.xml", "XL/Worksheets/Sheet1.XML"])
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_name_that_occurs_twice_is_refused(decode: Decode, second: str) -> None:
    out = io.BytesIO(book(ROW))
    with zipfile.ZipFile(out, "a") as changed:
        changed.writestr(second, sheet(""))
    assert refused(decode, out.getvalue()) == "archive_limits"


@pytest.mark.parametrize(
    ("at", "value", "codes"),
    [
        pytest.param(8, b"\x01\x00", {"archive_limits"}, id="encrypted"),
        pytest.param(24, b"\xff\xff\xff\xff", {"archive_limits", "compression_damaged"}, id="size of zip64, not there"),
        pytest.param(24, b"\x01\x00\x00\x00", {"compression_damaged", "workbook_invalid"}, id="smaller than it is"),
        pytest.param(24, b"\xff\xff\xff\x7f", {"archive_limits"}, id="larger than it may be"),
        pytest.param(42, b"\xff\xff\xff\x7f", {"compression_damaged"}, id="beyond the end"),
        pytest.param(10, b"\x63\x00", {"archive_limits"}, id="method that nobody knows"),
    ],
)
def test_directories_that_lie_are_refused(decode: Decode, at: int, value: bytes, codes: set[str]) -> None:
    content = bytearray(book(ROW))
    entry = content.rindex(b"PK\x01\x02")
    content[entry + at : entry + at + len(value)] = value
    assert refused(decode, bytes(content)) in codes
