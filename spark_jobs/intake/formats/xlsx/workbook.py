"""A workbook's parts: its sheets, shared strings and number formats."""

import posixpath
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO
from xml.etree.ElementTree import Element, ParseError, iterparse

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format

from expectations.rejections import DeliveryRejected
from spark_jobs.intake.formats.xlsx.cells import CellTexts, rich_text

_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_RELATION_STRICT = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"
_WORKBOOK = "xl/workbook.xml"


@dataclass(frozen=True)
class Sheet:
    """One worksheet of the workbook."""

    name: str
    part: str
    is_hidden: bool


class Workbook:
    """An archive that `open_workbook` has checked."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._names = {name.lower(): name for name in archive.namelist()}
        self._main = self._main_part()
        self.is_1904 = False
        self.sheets = tuple(self._read_sheets())

    def open(self, part: str) -> IO[bytes]:
        """A part's bytes."""
        return self._archive.open(self._names[part.lower()])

    def has(self, part: str) -> bool:
        """The workbook has that part."""
        return part.lower() in self._names

    def cell_texts(self) -> CellTexts:
        """How this workbook's cells are read."""
        folder = posixpath.dirname(self._main)
        return CellTexts(
            list(self._shared_strings(f"{folder}/sharedStrings.xml")),
            frozenset(self._date_styles(f"{folder}/styles.xml")),
            self.is_1904,
        )

    def _main_part(self) -> str:
        if self.has(_WORKBOOK):
            return _WORKBOOK
        for element in self._elements("_rels/.rels"):
            if element.get("Type", "").endswith("/officeDocument"):
                part = element.get("Target", "").lstrip("/")
                if self.has(part):
                    return part
        raise DeliveryRejected("content_mismatch", expected="xlsx", actual="不含工作簿的 Office 文件")

    def _read_sheets(self) -> Iterator[Sheet]:
        folder, name = posixpath.split(self._main)
        targets = {
            element.get("Id", ""): element.get("Target", "")
            for element in self._elements(f"{folder}/_rels/{name}.rels")
            if element.get("Type", "").endswith("/worksheet")
        }
        for element in self._elements(self._main):
            if _local(element) == "workbookPr":
                self.is_1904 = element.get("date1904", "0") in {"1", "true"}
            target = targets.get(element.get(_RELATION) or element.get(_RELATION_STRICT) or "")
            if _local(element) == "sheet" and target:
                part = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"{folder}/{target}")
                if self.has(part):
                    yield Sheet(element.get("name", ""), part, element.get("state", "visible") != "visible")

    def _shared_strings(self, part: str) -> Iterator[str]:
        for element in self._elements(part, forget="si"):
            if _local(element) == "si":
                yield rich_text(element) or ""

    def _date_styles(self, part: str) -> Iterator[int]:
        formats = dict(BUILTIN_FORMATS)
        for element in self._elements(part):
            if _local(element) == "numFmt" and element.get("numFmtId"):
                formats[int(element.get("numFmtId", "0"))] = element.get("formatCode", "")
        for element in self._elements(part):
            if _local(element) == "cellXfs":
                for style, xf in enumerate(element):
                    number = int(xf.get("numFmtId", "0"))
                    # 27 to 36 and 50 to 58 are the Chinese date formats (ECMA-376 part 1, 18.8.30).
                    if 27 <= number <= 36 or 50 <= number <= 58 or is_date_format(formats.get(number)):
                        yield style

    def _elements(self, part: str, forget: str | None = None) -> Iterator[Element]:
        """Every element of a part at its end; none where there is no such part.

        Args:
            part: its name.
            forget: children of the root of this name are dropped once seen, so that memory stays bounded.
        """
        if not self.has(part):
            return
        root: Element | None = None
        with self.open(part) as stream:
            try:
                for event, element in iterparse(stream, ("start", "end")):  # noqa: S314 - no DTD in it
                    root = element if root is None else root
                    if event == "end":
                        yield element
                        if _local(element) == forget:
                            root.clear()
            except ParseError as error:
                raise DeliveryRejected("compression_damaged", detail=f"{part}：{error}") from error


def _local(element: Element) -> str:
    return element.tag.rpartition("}")[2]
