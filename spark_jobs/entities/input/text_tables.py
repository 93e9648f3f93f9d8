"""CSV files as tables of texts, whatever their delimiter, header and encoding; without Spark."""

import csv
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv as arrow_csv

from spark_jobs.base.errors import LakeError, without_values

_DELIMITERS = (",", "\t", ";", "|")
_BLOCK = 1 << 24


def strings(path: Path, encoding: str | None = None) -> pa.Table:
    """All of a file; as `string_batches`."""
    return string_batches(path, encoding).read_all()


def string_batches(path: Path, encoding: str | None = None) -> pa.RecordBatchReader:
    """A file batch by batch, every column as text, blanks around names and values cut.

    Args:
        path: a CSV file with a header.
        encoding: by default UTF-8, or Windows-1252 where the file is no UTF-8.

    Raises:
        LakeError: the file has no header, or its rows do not have its columns.
    """
    encoding = encoding or _encoding(path)
    names, delimiter = _header(path, encoding)
    try:
        reader = arrow_csv.open_csv(
            path,
            read_options=arrow_csv.ReadOptions(column_names=names, skip_rows=1, encoding=encoding, block_size=_BLOCK),
            parse_options=arrow_csv.ParseOptions(delimiter=delimiter, newlines_in_values=True),
            convert_options=arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False
            ),
        )
    except pa.ArrowInvalid as error:
        if "Empty CSV" in str(error):
            return pa.RecordBatchReader.from_batches(_schema(names), [])
        raise _unreadable(path, error) from error
    return pa.RecordBatchReader.from_batches(_schema(names), _trimmed(reader, path))


def _schema(names: list[str]) -> pa.Schema:
    return pa.schema([(name, pa.string()) for name in names])


def _trimmed(reader: pa.RecordBatchReader, path: Path) -> Iterator[pa.RecordBatch]:
    try:
        for batch in reader:
            columns = [pc.utf8_trim_whitespace(column) for column in batch.columns]
            yield pa.RecordBatch.from_arrays(columns, names=batch.schema.names)
    except pa.ArrowInvalid as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: Exception) -> LakeError:
    return LakeError(
        f"{path} cannot be read as CSV: {without_values(error)}", "mend the row; quote values that hold the delimiter"
    )


def _encoding(path: Path) -> str:
    with path.open("rb") as file:
        decoder_input = iter(lambda: file.read(_BLOCK), b"")
        rest = b""
        for block in decoder_input:
            try:
                (rest + block).decode("utf-8")
                rest = b""
            except UnicodeDecodeError as error:
                # A character that a block cuts in two is no fault.
                if error.reason != "unexpected end of data":
                    return "cp1252"
                rest = (rest + block)[error.start :]
    return "utf-8" if not rest else "cp1252"


def _header(path: Path, encoding: str) -> tuple[list[str], str]:
    """Names of the columns and the delimiter; a column without a name gets its number, a second of a name too."""
    with path.open("r", encoding="utf-8-sig" if encoding == "utf-8" else encoding, newline="") as file:
        line = file.readline()
    if not line.strip():
        raise LakeError(f"{path} is empty", "give a CSV file with a header")
    delimiter = max(_DELIMITERS, key=line.count)
    names: list[str] = []
    for number, name in enumerate(next(csv.reader([line], delimiter=delimiter, skipinitialspace=True)), start=1):
        bare = name.strip() or "column"
        names.append(bare if bare != "column" and bare not in names else f"{bare}_{number}")
    return names, delimiter
