"""Delimited text, a whole file at once."""

import gzip
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from expectations.contract.formats.csv import Csv
from spark_jobs.city.batch import Batch
from spark_jobs.city.world.texts import Texts, joined, texts_content

_FAST = 1
_BYTE_ORDER_MARK = "\ufeff".encode()


def write(batch: Batch, options: Csv, path: Path) -> None:
    """Write the batch as the contract says: encoding, delimiter, header, gzip without a time stamp.

    Raises:
        UnicodeEncodeError: a value holds a character that the encoding lacks.
    """
    text = (_BYTE_ORDER_MARK if batch.has_byte_order_mark else b"") + delimited_text(batch, options)
    content = text if options.encoding == "utf-8" else text.decode("utf-8").encode(options.encoding)
    if options.compression == "gzip":
        content = gzip.compress(content, _FAST, mtime=0)
    path.write_bytes(content)


def first_row(options: Csv) -> int:
    """The header is row 1."""
    return 2


def delimited_text(batch: Batch, options: Csv) -> bytes:
    """Header and records in UTF-8."""
    header = (options.delimiter.join(batch.columns) + "\n").encode("utf-8")
    lines = joined(*batch.columns.values(), separator=options.delimiter)
    lines = joined(_with_faults(lines, batch, options.delimiter), "\n")
    return header + texts_content(lines)


def _with_faults(lines: Texts, batch: Batch, delimiter: str) -> Texts:
    if not batch.faults:
        return lines
    rows = sorted(batch.faults)
    faulty = [
        text + "\r" if batch.faults[row] == "crlf" else text.rsplit(delimiter, 3)[0]
        for row, text in zip(rows, lines.take(pa.array(rows)).to_pylist(), strict=True)
    ]
    mask = np.zeros(len(lines), np.bool_)
    mask[rows] = True
    return pc.replace_with_mask(lines, pa.array(mask), pa.array(faulty, pa.string()))
