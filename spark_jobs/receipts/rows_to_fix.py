"""The quarantined rows of a delivery as a file that the department can correct and send again.

It has the feed's own format, encoding and columns, with three columns before them that intake drops when the file
comes back. Texts that a spreadsheet would run as formulas are escaped here and restored by intake.
"""

import csv
import gzip
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.compute as pc
from openpyxl import Workbook

from expectations.contract.feed import FeedContract
from expectations.contract.formats.csv import Csv
from expectations.contract.formats.json import Json
from expectations.contract.formats.jsonl import JsonLines
from expectations.contract.formats.xlsx import Xlsx
from spark_jobs.intake.formats.machinery.formula_text import escape_formula
from spark_jobs.lake.storage.arrow import dataset

ROW_NUMBER, REASON, FIX = "原行号", "错误原因", "处理建议"
HELPER_COLUMNS = (ROW_NUMBER, REASON, FIX)


def write(receipt: dict[str, Any], contract: FeedContract, folder: Path) -> Path:
    """Write the file into `folder`; its name follows the feed's pattern, so that it can be sent as it is."""
    rows = _rows(receipt["delivery_id"], contract)
    header = [*HELPER_COLUMNS, *(column.source for column in contract.columns)]
    stem = f"{_stem(str(receipt['file']))}_更正_{receipt['delivery_id'][:8]}"
    match contract.decode:
        case Xlsx() as xlsx:
            path = folder / f"{stem}.xlsx"
            _write_xlsx(path, xlsx.sheet or "更正", header, rows)
        case Json() | JsonLines():
            path = folder / f"{stem}.json"
            path.write_text(json.dumps(list(rows), ensure_ascii=False, indent=1), encoding="utf-8")
        case Csv() as layout:
            suffix = ".txt.gz" if layout.compression else ".csv"
            path = folder / f"{stem}{suffix}"
            _write_csv(path, layout, header, rows)
    return path


def _stem(name: str) -> str:
    safe = "".join(char if char.isalnum() or char in "._-" else "_" for char in name).lstrip(".") or "file"
    return safe.split(".", 1)[0]


def _rows(delivery: str, contract: FeedContract) -> Iterator[dict[str, str]]:
    """One mapping a quarantined row, in the order of the file, from the quarantine table."""
    found = dataset("quarantine", contract.table).to_table(
        columns=["_row_number", "breaches", "record", "_raw"], filter=pc.field("_delivery_id") == delivery
    )
    for row in found.sort_by("_row_number").to_pylist():
        yield _row(row, contract)


def _row(row: dict[str, Any], contract: FeedContract) -> dict[str, str]:
    sources = {column.name: column.source for column in contract.columns}
    reasons = [
        f"{sources[breach['field']]}：{breach['message']}" if breach["field"] in sources else breach["message"]
        for breach in row["breaches"]
    ]
    fixes = dict.fromkeys(breach["fix"] for breach in row["breaches"])
    values = {name: value or "" for name, value in dict(row["record"] or {}).items()}
    if row["_raw"] is not None:
        # The row could not be parted into fields: its whole text stands in the first column.
        values = {contract.columns[0].source: row["_raw"]}
    return {
        ROW_NUMBER: str(row["_row_number"]),
        REASON: "；".join(dict.fromkeys(reasons)),
        FIX: "；".join(fixes),
        **{column.source: escape_formula(values.get(column.source, "")) for column in contract.columns},
    }


def _write_csv(path: Path, layout: Csv, header: list[str], rows: Iterator[dict[str, str]]) -> None:
    encoding = "utf-8-sig" if layout.encoding == "utf-8" else layout.encoding
    with (
        gzip.open(path, "wb") if layout.compression else path.open("wb") as raw,
        io.TextIOWrapper(raw, encoding=encoding, newline="", errors="replace") as text,
    ):
        if layout.quote is None:
            for values in ([*header], *([row[name] for name in header] for row in rows)):
                text.write(layout.delimiter.join(_unquoted(value, layout) for value in values) + "\r\n")
        else:
            writer = csv.DictWriter(text, header, delimiter=layout.delimiter)
            writer.writeheader()
            writer.writerows(rows)


def _unquoted(value: str, layout: Csv) -> str:
    """A value of a file without quoting can hold neither the delimiter nor a line break."""
    return value.replace(layout.delimiter, " ").replace("\r", " ").replace("\n", " ")


def _write_xlsx(path: Path, sheet: str, header: list[str], rows: Iterator[dict[str, str]]) -> None:
    workbook = Workbook(write_only=True)
    worksheet = workbook.create_sheet(sheet)
    worksheet.append(header)
    for row in rows:
        worksheet.append([row[name] for name in header])
    workbook.save(path)
