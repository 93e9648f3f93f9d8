"""One XML document of which some elements are the records."""

from collections.abc import Callable, Iterable
from pathlib import Path

from expectations.contract.feed import FeedContract
from expectations.contract.formats.xml import Xml
from expectations.outline import Outline
from spark_jobs.intake.formats.machinery.exported import RowToFix
from spark_jobs.intake.formats.machinery.format import Format
from spark_jobs.intake.formats.machinery.rows import Place
from spark_jobs.intake.formats.machinery.sample import Sample
from spark_jobs.intake.formats.machinery.sniff import refuse_other_than_text
from spark_jobs.intake.formats.machinery.text_file import document_text_at
from spark_jobs.intake.formats.xml.decode import XmlDecoder, encoding_of, may_be_xml
from spark_jobs.intake.formats.xml.outline import outline_of
from spark_jobs.intake.formats.xml.write import write_document, write_to_fix


class XmlFormat(Format[Xml]):
    """One XML document of which some elements are the records."""

    def sniff(self, head: bytes, options: Xml) -> None:
        """Refuse what does not begin with a tag, or is not gzip where that is declared."""
        refuse_other_than_text(head, options, may_be_xml)

    def decoder(self, path: Path, contract: FeedContract, options: Xml) -> XmlDecoder:
        """Records found by their tags, read by libxml2."""
        return XmlDecoder(path, contract, options)

    def locate(self, path: Path, contract: FeedContract, options: Xml, place: Place) -> str:
        """The record's element; its place is one of the document in UTF-8, whatever the file's encoding."""
        return document_text_at(path, encoding_of(path, options), place, compressed=options.compression is not None)

    def write_sample(self, path: Path, options: Xml, header: list[str], rows: Iterable[dict[str, str]]) -> None:
        """Elements in the order of the contract; a column of JSON as the elements that it stands for."""
        write_document(path, options, header, rows)

    def write_rows_to_fix(
        self, path_of: Callable[[int], Path], options: Xml, sources: list[str], rows: Iterable[RowToFix]
    ) -> list[Path]:
        """One document, a record a row."""
        write_to_fix(path_of(1), options, sources, rows)
        return [path_of(1)]

    def outline(self, sample: Sample) -> Outline | None:
        """What a contract of such files would say."""
        return outline_of(sample)
