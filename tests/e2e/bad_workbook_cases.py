"""Bad workbooks."""

import io
import zipfile
from collections.abc import Callable

from openpyxl import load_workbook
from openpyxl.workbook import Workbook

from tests.e2e import files
from tests.e2e.bad_input_cases import Case
from tests.e2e.files import HOUSING
from tests.e2e.files import housing_row as flat


def _changed(rows: list[list[object]], change: Callable[[Workbook], object]) -> bytes:
    """A workbook of these applications, with something done to it."""
    book, content = load_workbook(io.BytesIO(files.workbook_bytes(rows))), io.BytesIO()
    change(book)
    book.save(content)
    return content.getvalue()


def _with_part(name: str, content: bytes) -> bytes:
    """A good workbook with one part more."""
    book = io.BytesIO(files.workbook_bytes([flat(2500)]))
    with zipfile.ZipFile(book, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return book.getvalue()


def _encrypted() -> bytes:
    """A good workbook whose entries say that they are encrypted."""
    book = bytearray(files.workbook_bytes([flat(2501)]))
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = book.find(mark)
        while at >= 0:
            book[at + flags] |= 1
            at = book.find(mark, at + 4)
    return bytes(book)


def _merge(book: Workbook) -> None:
    book["申请"].merge_cells("I2:I3")


def _hide(book: Workbook) -> None:
    book["申请"].row_dimensions[2].hidden = True
    book.create_sheet("备注").append(["别的"])
    book["备注"].sheet_state = "hidden"


def _refused(id: str, name: str, content: bytes, code: str) -> Case:
    return Case(
        id, HOUSING, f"affordable_housing_application_{name}.xlsx", content, "rejected", (0, 0, 0, 0), {code: 1}
    )


WORKBOOKS = (
    Case(
        "B21 merged cells",
        HOUSING,
        "affordable_housing_application_20261021_b.xlsx",
        _changed([flat(2101), flat(2102, division_code=None)], _merge),
        "accepted",
        (2, 2, 0, 0),
    ),
    Case(
        "B21 a hidden row and a hidden sheet",
        HOUSING,
        "affordable_housing_application_20261021_c.xlsx",
        _changed([flat(2103), flat(2104)], _hide),
        "accepted",
        (2, 2, 0, 0),
    ),
    Case(
        "B21 a formula whose result was not saved",
        HOUSING,
        "affordable_housing_application_20261021_d.xlsx",
        files.workbook_bytes([flat(2105), flat(2106, household_income="=40000+5000")]),
        "partly_accepted",
        (2, 1, 1, 0),
        {"cell_error": 1},
    ),
    _refused(
        "B22 101 MB of blanks",
        "20261022_b",
        _with_part("xl/media/blank.xml", b" " * (101 << 20)),
        "archive_limits",
    ),
    _refused(
        "B22 1,200 entries",
        "20261022_c",
        _changed([flat(2201)], lambda book: [book.create_sheet() for _ in range(1_200)]),
        "archive_limits",
    ),
    _refused(
        "B23 a document type",
        "20261023",
        _with_part("docProps/custom.xml", b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'),
        "content_mismatch",
    ),
    _refused(
        "B24 a table of a page named xlsx", "20261024_b", b"<table><tr><td>1</td></tr></table>", "content_mismatch"
    ),
    _refused(
        "B24 an old or encrypted workbook named xlsx",
        "20261024_c",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2_000),
        "content_mismatch",
    ),
    _refused("B25 a path that climbs", "20261025", _with_part("../../etc/cron.d/x", b"x"), "archive_limits"),
    _refused("B25 a part twice", "20261025_b", _with_part("XL/workbook.xml", b"<x/>"), "archive_limits"),
    _refused("B25 encrypted", "20261025_c", _encrypted(), "archive_limits"),
    _refused("B25 cut off", "20261025_d", files.workbook_bytes([flat(2502)])[:-40], "compression_damaged"),
)
