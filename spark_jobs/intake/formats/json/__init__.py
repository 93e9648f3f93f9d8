"""One JSON document that holds an array of flat objects."""

import json
from collections.abc import Callable, Iterable
from pathlib import Path

from expectations.contract.feed import FeedContract
from expectations.contract.formats.json import Json
from expectations.outline import Outline
from spark_jobs.intake.formats.json.decode import JsonDecoder, may_be_json
from spark_jobs.intake.formats.json.outline import outline_of
from spark_jobs.intake.formats.json.write import write_document
from spark_jobs.intake.formats.machinery.exported import RowToFix
from spark_jobs.intake.formats.machinery.format import Format
from spark_jobs.intake.formats.machinery.json_objects import JsonObjects
from spark_jobs.intake.formats.machinery.json_text import JSON_ESCAPES, object_to_fix
from spark_jobs.intake.formats.machinery.rows import Place
from spark_jobs.intake.formats.machinery.sample import Sample
from spark_jobs.intake.formats.machinery.sniff import refuse_other_than_text
from spark_jobs.intake.formats.machinery.text_file import document_text_at


class JsonFormat(Format[Json]):
    """One JSON document that holds an array of flat objects."""

    def sniff(self, head: bytes, options: Json) -> None:
        """Refuse what does not open an array or an object, or is not gzip where that is declared."""
        refuse_other_than_text(head, options, may_be_json)

    def decoder(self, path: Path, contract: FeedContract, options: Json) -> JsonDecoder:
        """Elements found by their brackets, each parsed by itself."""
        return JsonDecoder(path, contract, options, options.records, JsonObjects(contract))

    def locate(self, path: Path, contract: FeedContract, options: Json, place: Place) -> str:
        """The element's text; its place is one of the document in UTF-8, whatever the file's encoding."""
        return document_text_at(path, options.encoding, place, compressed=options.compression is not None)

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

    def outline(self, sample: Sample) -> Outline | None:
        """What a contract of such files would say."""
        return outline_of(sample)
