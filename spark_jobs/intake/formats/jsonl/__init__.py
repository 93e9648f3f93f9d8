"""One flat JSON object a line."""

import json
from collections.abc import Callable, Iterable
from pathlib import Path

from expectations.contract.feed import FeedContract
from expectations.contract.formats.jsonl import JsonLines
from expectations.outline import Outline
from spark_jobs.intake.formats.jsonl.decode import JsonLinesDecoder
from spark_jobs.intake.formats.jsonl.outline import outline_of
from spark_jobs.intake.formats.machinery.exported import RowToFix
from spark_jobs.intake.formats.machinery.format import Format
from spark_jobs.intake.formats.machinery.json_text import JSON_ESCAPES, object_to_fix
from spark_jobs.intake.formats.machinery.rows import Place
from spark_jobs.intake.formats.machinery.sample import Sample
from spark_jobs.intake.formats.machinery.sniff import refuse_other_than_text
from spark_jobs.intake.formats.machinery.text_file import text_at, writing


class JsonLinesFormat(Format[JsonLines]):
    """One flat JSON object a line."""

    def sniff(self, head: bytes, options: JsonLines) -> None:
        """Refuse what is not text, or not gzip where that is declared."""
        refuse_other_than_text(head, options)

    def decoder(self, path: Path, contract: FeedContract, options: JsonLines) -> JsonLinesDecoder:
        """Lines counted by their bytes, each parsed by itself."""
        return JsonLinesDecoder(path, contract, options)

    def locate(self, path: Path, contract: FeedContract, options: JsonLines, place: Place) -> str:
        """The record's line."""
        return text_at(path, options.encoding, place, compressed=options.compression is not None)

    def write_sample(self, path: Path, options: JsonLines, header: list[str], rows: Iterable[dict[str, str]]) -> None:
        """A line a row, keys in the order of the contract."""
        with writing(path, options.encoding, compressed=options.compression is not None) as text:
            for row in rows:
                text.write(json.dumps({name: row[name] for name in header}, ensure_ascii=False) + "\n")

    def write_rows_to_fix(
        self, path_of: Callable[[int], Path], options: JsonLines, sources: list[str], rows: Iterable[RowToFix]
    ) -> list[Path]:
        """One file, a line a row."""
        with writing(
            path_of(1), options.encoding, compressed=options.compression is not None, unfit=JSON_ESCAPES
        ) as text:
            for row in rows:
                text.write(f"{object_to_fix(sources, row)}\n")
        return [path_of(1)]

    def outline(self, sample: Sample) -> Outline | None:
        """What a contract of such files would say."""
        return outline_of(sample)
