"""A workbook's parts: its sheets, shared strings and number formats."""

import posixpath
import zipfile
from dataclasses import dataclass, field
from typing import IO

from expectations.rejections import DeliveryRejected
from spark_jobs.intake.formats.xlsx.cells import CellTexts
from spark_jobs.intake.formats.xlsx.parts import ARCHIVE_ERRORS, Events, over, parse_all
from spark_jobs.intake.formats.xlsx.strings import SharedStrings
from spark_jobs.intake.formats.xlsx.styles import DateStyles

MAX_SHEETS = 1_000
_WORKBOOK = "xl/workbook.xml"


@dataclass(frozen=True)
class Sheet:
    """One worksheet of the workbook."""

    name: str
    part: str
    is_hidden: bool


class Workbook:
    """An archive that `open_workbook` has checked.

    Raises:
        DeliveryRejected: `content_mismatch`, `workbook_invalid`, `compression_damaged`, `archive_limits`.
    """

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._names = {name.lower(): name for name in archive.namelist()}
        self._main = self._main_part()
        self._relations = self._read_relations(self._main)
        listed = _SheetList()
        self._parse(self._main, listed)
        self.is_1904 = listed.is_1904
        self.sheets = tuple(self._worksheets(listed))

    def open(self, part: str) -> IO[bytes]:
        """A part's bytes."""
        try:
            return self._archive.open(self._names[part.lower()])
        except ARCHIVE_ERRORS as error:
            raise DeliveryRejected("compression_damaged", detail=part) from error

    def has(self, part: str) -> bool:
        """The workbook has that part."""
        return part.lower() in self._names

    def cell_texts(self) -> CellTexts:
        """How this workbook's cells are read."""
        strings, styles = SharedStrings(), DateStyles()
        self._parse(self._part_of_kind("sharedStrings"), strings)
        self._parse(self._part_of_kind("styles"), styles)
        return CellTexts(strings.texts, styles.found, self.is_1904)

    def _parse(self, part: str, events: Events) -> None:
        """Tell a part's events; none where there is no such part."""
        if self.has(part):
            with self.open(part) as stream:
                parse_all(stream, posixpath.basename(part), events)

    def _main_part(self) -> str:
        if self.has(_WORKBOOK):
            return _WORKBOOK
        for kind, target in self._read_relations("").values():
            if kind == "officeDocument" and self.has(target):
                return target
        raise DeliveryRejected("content_mismatch", expected="xlsx", actual="不含工作簿的 Office 文件")

    def _read_relations(self, part: str) -> dict[str, tuple[str, str]]:
        """Kind and target by id of what a part refers to; a target that leads out of the archive is no part."""
        folder, name = posixpath.split(part)
        found = _Relations()
        self._parse(posixpath.join(folder, "_rels", f"{name}.rels"), found)
        return {
            key: (kind, posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/"))
            for key, (kind, target) in found.found.items()
        }

    def _worksheets(self, listed: "_SheetList") -> list[Sheet]:
        sheets = []
        for key, name, state in listed.found:
            kind, part = self._relations.get(key, ("", ""))
            if kind == "worksheet" and self.has(part):
                sheets.append(Sheet(name, part, state != "visible"))
        return sheets

    def _part_of_kind(self, kind: str) -> str:
        by_relation = (target for found, target in self._relations.values() if found == kind and self.has(target))
        return next(by_relation, f"{posixpath.dirname(self._main)}/{kind}.xml")


@dataclass
class _Relations:
    """Gathers a part's relationships (ECMA-376 part 2, 9.3)."""

    found: dict[str, tuple[str, str]] = field(default_factory=dict)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name.rpartition(":")[2] == "Relationship" and attributes.get("TargetMode") != "External":
            kind = attributes.get("Type", "").rpartition("/")[2]
            self.found[attributes.get("Id", "")] = (kind, attributes.get("Target", "").replace("\\", "/"))
            if len(self.found) > 10 * MAX_SHEETS:
                raise over(f"工作簿的引用超过 {10 * MAX_SHEETS} 处")

    def end(self, name: str) -> None:
        pass

    def text(self, data: str) -> None:
        pass


@dataclass
class _SheetList:
    """Gathers the sheets that the workbook's main part names (ECMA-376 part 1, 18.2.19)."""

    found: list[tuple[str, str, str]] = field(default_factory=list)
    """Id of the relationship, name, state."""
    is_1904: bool = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        name = name.rpartition(":")[2]
        if name == "workbookPr":
            self.is_1904 = attributes.get("date1904", "0") in {"1", "true"}
        elif name == "sheet":
            key = next((value for each, value in attributes.items() if each.endswith(":id")), "")
            self.found.append((key, attributes.get("name", ""), attributes.get("state", "visible")))
            if len(self.found) > MAX_SHEETS:
                raise over(f"工作表超过 {MAX_SHEETS} 个")

    def end(self, name: str) -> None:
        pass

    def text(self, data: str) -> None:
        pass
