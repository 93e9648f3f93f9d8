"""A Parquet file, row group by row group: counted by its footer, and by the rows that come out of it."""

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from expectations.contract.feed import FeedContract
from expectations.contract.formats.parquet import Parquet
from expectations.rejections import DeliveryRejected
from spark_jobs.intake.accounting import Accounting
from spark_jobs.intake.formats.machinery.batch import regular_batch, with_defects
from spark_jobs.intake.formats.machinery.header import Header, read_header
from spark_jobs.intake.formats.machinery.named_values import MAX_VALUE_CHARACTERS
from spark_jobs.intake.formats.machinery.unfit_text import CONTROLS
from spark_jobs.intake.formats.parquet.file import RowGroup, in_place, opened, reading, row_groups
from spark_jobs.intake.formats.parquet.texts import UnreadableType, texts

BATCH_ROWS = 20_000
_UNFIT = f"[{CONTROLS}\ufffd]"

Defects = dict[int, str]
"""Code of a defect by a row's place in its batch."""


class ParquetDecoder:
    """Decodes one Parquet file; memory is bounded by a row group's pages. The row number of the first row is 1.

    Raises:
        DeliveryRejected: the file is not what the contract says.
    """

    def __init__(self, path: Path, contract: FeedContract, options: Parquet) -> None:
        self.accounting = Accounting(bytes=path.stat().st_size)
        self._path = path
        self._contract = contract
        self._times = {column.source for column in contract.columns if column.type == "timestamp"}

    def batches(self) -> Iterator[pa.RecordBatch]:
        """The file's rows; one with a value that no table may hold is marked as defective.

        Raises:
            DeliveryRejected: the file as a whole cannot be used.
        """
        accounting = self.accounting
        if not accounting.bytes:
            accounting.notes.append("文件为 0 字节")
            return
        with opened(self._path) as file:
            groups = row_groups(self._path)
            accounting.rows_counted = file.metadata.num_rows
            header = read_header(list(file.schema_arrow.names), self._contract, accounting.notes)
            accounting.is_correction = header.was_exported_by_us
            self._account(groups)
            for group in groups:
                yield from self._read(file, group, header)
        if not accounting.rows_counted:
            accounting.notes.append("文件没有记录")
        self._require(accounting.rows_counted, accounting.rows_parsed)

    def text_of(self, row_number: int) -> str:
        """The texts of one row as a JSON object by column; empty where there is no such row."""
        with opened(self._path) as file:
            before = 0
            for group in row_groups(self._path):
                if row_number <= before + group.rows:
                    for batch in _batches(file, group):
                        if row_number <= before + batch.num_rows:
                            found, _ = self._texts(batch.slice(row_number - before - 1, 1))
                            return _row_text(batch.schema.names, found, 0)
                        before += batch.num_rows
                before += group.rows
        return ""

    def _account(self, groups: list[RowGroup]) -> None:
        end = 0
        for group in in_place(groups):
            self.accounting.add("container", end, group.start)
            self.accounting.add("records", group.start, group.end, group.rows)
            end = group.end
        self.accounting.add("container", end, self.accounting.bytes)

    def _read(self, file: pq.ParquetFile, group: RowGroup, header: Header) -> Iterator[pa.RecordBatch]:
        before = self.accounting.rows_parsed
        for batch in _batches(file, group):
            if batch.num_rows:
                first = self.accounting.rows_parsed + 1
                self.accounting.rows_parsed += batch.num_rows
                yield self._converted(batch, header, first)
        self._require(group.rows, self.accounting.rows_parsed - before)

    def _converted(self, batch: pa.RecordBatch, header: Header, first: int) -> pa.RecordBatch:
        values, defects = self._texts(batch)
        found = {place: (code, _row_text(batch.schema.names, values, place)) for place, code in defects.items()}
        nowhere = pa.nulls(batch.num_rows, pa.int64())
        numbers = pa.array(np.arange(first, first + batch.num_rows, dtype=np.int64))
        provenance = {"_row_number": numbers, "_byte_offset": nowhere, "_byte_length": nowhere}
        return with_defects(regular_batch(self._contract, header, values, provenance), found)

    def _texts(self, batch: pa.RecordBatch) -> tuple[list[pa.Array], Defects]:
        arrays: list[pa.Array] = []
        defects: Defects = {}
        for name, column in zip(batch.schema.names, batch.columns, strict=True):
            try:
                with reading(f"列 {name[:60]} 的值"):
                    array, bad = texts(column, to_second=name in self._times)
            except UnreadableType as error:
                raise DeliveryRejected("parquet_invalid", detail=f"列 {name[:60]} 的类型无法转为文本") from error
            defects |= _defects(array) | dict.fromkeys(bad, "invalid_text")
            arrays.append(array)
        return arrays, defects

    def _require(self, counted: int, parsed: int) -> None:
        if counted != parsed:
            raise DeliveryRejected("counters_disagree", counted=counted, parsed=parsed)


def _batches(file: pq.ParquetFile, group: RowGroup) -> Iterator[pa.RecordBatch]:
    with reading(f"第 {group.number + 1} 个行组"):
        yield from file.iter_batches(BATCH_ROWS, row_groups=[group.number], use_threads=False)


def _defects(array: pa.Array) -> Defects:
    """Rows whose value in this column no table may hold."""
    found: Defects = {}
    longest = pc.max(pc.binary_length(array)).as_py() or 0
    if longest > MAX_VALUE_CHARACTERS:
        is_long = pc.greater(pc.utf8_length(array), MAX_VALUE_CHARACTERS)
        found |= dict.fromkeys(pc.indices_nonzero(is_long).to_pylist(), "value_too_long")
    if _may_be_unfit(array):
        is_unfit = pc.match_substring_regex(array, _UNFIT)
        found |= dict.fromkeys(pc.indices_nonzero(is_unfit).to_pylist(), "control_character")
    return found


def _may_be_unfit(array: pa.Array) -> bool:
    """Its bytes hold a control character other than tab and line breaks, or U+FFFD."""
    data = array.buffers()[2]
    if data is None:
        return False
    codes = np.frombuffer(data, np.uint8)
    low = codes[codes < 0x20]
    return bool(((low != 0x09) & (low != 0x0A) & (low != 0x0D)).any()) or b"\xef\xbf\xbd" in data.to_pybytes()


def _row_text(names: list[str], values: list[pa.Array], place: int) -> str:
    texts = {name: array[place].as_py() for name, array in zip(names, values, strict=True)}
    return json.dumps(texts, ensure_ascii=any("\ufffd" in text for text in texts.values() if text))
