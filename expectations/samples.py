"""A synthetic delivery of any feed, from its contract alone: for the dictionary, for tests, for departments."""

import csv
import gzip
import io
import json
import re
from datetime import date
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from expectations.contract.channels import FileOptions
from expectations.contract.feed import FeedContract
from expectations.contract.formats import Csv, Json, JsonLines, Xlsx
from expectations.sample_values import sample_value

DAY = date(2026, 11, 1)
_DATES = ("%Y%m%d", "%Y-%m-%d", "%Y%m")


def sample_rows(contract: FeedContract, n: int, seed: int = 1, business_date: date = DAY) -> list[dict[str, str]]:
    """Rows by source column, each value valid for its type; equal arguments give equal rows.

    Rules across columns hold where they compare dates, amounts or an identity number with its birth date; others
    are not looked at.
    """
    first = seed * 1000
    return [
        {
            column.source: sample_value(column, first + i, place, business_date)
            for place, column in enumerate(contract.columns)
        }
        for i in range(n)
    ]


def write_sample(contract: FeedContract, folder: Path, n: int = 20, seed: int = 1, business_date: date = DAY) -> Path:
    """Write a sample in the form in which the feed is delivered; a feed that is pulled is written as it lands.

    Raises:
        ValueError: the arrival pattern is not one that a name can be made for.
    """
    rows = sample_rows(contract, n, seed, business_date)
    path = folder / file_name(contract, business_date)
    folder.mkdir(parents=True, exist_ok=True)
    path.write_bytes(_encoded(contract, rows))
    return path


def file_name(contract: FeedContract, business_date: date) -> str:
    """A file name that the feed's arrival accepts for that day.

    Raises:
        ValueError: the pattern is more than fixed text, a date, optional text and `.*`.
    """
    if not isinstance(contract.arrival, FileOptions):
        return f"{contract.feed}_{business_date:%Y%m%d}.csv"
    pattern = contract.arrival.pattern
    plain = re.sub(r"\(\?P<business_date>[^()]*\)", "\0", pattern)
    plain = re.sub(r"\(\?:([^()|]*)\)\??", r"\1", plain).replace(".*", "").replace("\\", "")
    for form in _DATES:
        name = plain.replace("\0", f"{business_date:{form}}")
        if re.fullmatch(pattern, name):
            return name
    raise ValueError(f"{contract.id}: no file name can be made for the pattern {pattern}")


def _encoded(contract: FeedContract, rows: list[dict[str, str]]) -> bytes:
    decode = contract.decode
    header = [column.source for column in contract.columns]
    match decode:
        case Csv():
            return _packed(_delimited(decode, header, rows).encode(decode.encoding), decode.compression)
        case Xlsx():
            return _workbook(decode, header, rows)
        case Json():
            return json.dumps(_nested(rows, decode.records), ensure_ascii=False, indent=1).encode(decode.encoding)
        case JsonLines():
            text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
            return _packed(text.encode(decode.encoding), decode.compression)


def _packed(data: bytes, compression: str | None) -> bytes:
    return gzip.compress(data, mtime=0) if compression == "gzip" else data


def _delimited(decode: Csv, header: list[str], rows: list[dict[str, str]]) -> str:
    text = io.StringIO()
    if decode.quote is None:
        writer = csv.writer(
            text, delimiter=decode.delimiter, quoting=csv.QUOTE_NONE, quotechar=None, lineterminator="\n"
        )
    else:
        writer = csv.writer(text, delimiter=decode.delimiter, quotechar=decode.quote, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([row[name] for name in header] for row in rows)
    return text.getvalue()


def _workbook(decode: Xlsx, header: list[str], rows: list[dict[str, str]]) -> bytes:
    book = Workbook()
    sheet = book.active
    if sheet is None:
        raise ValueError("a new workbook has a worksheet")
    sheet.title = decode.sheet or "Sheet1"
    for line, cells in enumerate([header, *([row[name] for name in header] for row in rows)]):
        for place, cell in enumerate(cells):
            sheet.cell(decode.header_row + line, place + 1, cell)
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def _nested(rows: list[dict[str, str]], records: str) -> Any:
    """The array where the ijson prefix says it is."""
    document: Any = rows
    for key in reversed(records.split(".")[:-1]):
        document = {key: document}
    return document
