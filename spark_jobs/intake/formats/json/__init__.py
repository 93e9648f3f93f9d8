"""One JSON document that holds an array of flat objects."""

import json
from collections.abc import Callable, Iterable
from pathlib import Path

from expectations.contract.feed import FeedContract
from expectations.contract.formats.json import Json
from spark_jobs.intake.formats.json.decode import JsonDecoder
from spark_jobs.intake.formats.json.write import write_document
from spark_jobs.intake.formats.machinery.charset import charset_of
from spark_jobs.intake.formats.machinery.exported import RowToFix
from spark_jobs.intake.formats.machinery.format import Format
from spark_jobs.intake.formats.machinery.json_text import JSON_ESCAPES, object_to_fix
from spark_jobs.intake.formats.machinery.rows import Place
from spark_jobs.intake.formats.machinery.sniff import HEAD_BYTES, is_text, refuse_foreign_content
from spark_jobs.intake.formats.machinery.text_file import read_at
from spark_jobs.intake.formats.machinery.utf8_stream import Utf8Stream

_BLOCK = 1 << 20


class JsonFormat(Format[Json]):
    """One JSON document that holds an array of flat objects."""

    def sniff(self, head: bytes, options: Json) -> None:
        """Refuse what does not open an array or an object."""
        refuse_foreign_content(head, "json", lambda head, kind: is_text(head, kind) and _opens_json(head))

    def decoder(self, path: Path, contract: FeedContract, options: Json) -> JsonDecoder:
        """Elements found by their brackets, each parsed by itself."""
        return JsonDecoder(path, contract, options)

    def locate(self, path: Path, contract: FeedContract, options: Json, place: Place) -> str:
        """The element's text; its place is one of the document in UTF-8, whatever the file's encoding."""
        with path.open("rb") as file:
            charset = charset_of(file.read(HEAD_BYTES), options.encoding)
            if charset.codec == "utf-8":
                return read_at(file, charset, place)
            file.seek(charset.bom_length)
            return _part(Utf8Stream(file, charset), place.byte_offset or 0, place.byte_length or 0).decode()

    def write_sample(self, path: Path, options: Json, header: list[str], rows: Iterable[dict[str, str]]) -> None:
        """The array where the contract says that it is."""
        write_document(
            path, options, (json.dumps({name: row[name] for name in header}, ensure_ascii=False) for row in rows)
        )

    def write_rows_to_fix(
        self, path_of: Callable[[int], Path], options: Json, sources: list[str], rows: Iterable[RowToFix]
    ) -> list[Path]:
        """One document."""
        write_document(path_of(1), options, (object_to_fix(sources, row) for row in rows), unfit=JSON_ESCAPES)
        return [path_of(1)]


def _opens_json(head: bytes) -> bool:
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip(b"\xff\xfe\x00 \t\r\n")
    return not start or start[:1] in (b"[", b"{")


def _part(stream: Utf8Stream, start: int, length: int) -> bytes:
    """Bytes `start` to `start + length` of a stream, reading no more of it into memory."""
    position, found = 0, b""
    while len(found) < length and (block := stream.read(_BLOCK)):
        found += block[max(start - position, 0) :][: length - len(found)]
        position += len(block)
    return found
