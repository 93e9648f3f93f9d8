"""One GeoJSON FeatureCollection."""

from collections.abc import Callable, Iterable
from pathlib import Path

from expectations.contract.feed import FeedContract
from expectations.contract.formats.geojson import GeoJson
from expectations.outline import Outline
from spark_jobs.intake.formats.geojson.features import Features
from spark_jobs.intake.formats.geojson.outline import outline_of
from spark_jobs.intake.formats.geojson.write import feature, feature_of, write_features
from spark_jobs.intake.formats.json.decode import JsonDecoder, may_be_json
from spark_jobs.intake.formats.machinery.exported import RowToFix
from spark_jobs.intake.formats.machinery.format import Format
from spark_jobs.intake.formats.machinery.json_text import JSON_ESCAPES, object_to_fix
from spark_jobs.intake.formats.machinery.rows import Place
from spark_jobs.intake.formats.machinery.sample import Sample
from spark_jobs.intake.formats.machinery.sniff import refuse_other_than_text
from spark_jobs.intake.formats.machinery.text_file import document_text_at

RECORDS = "features.item"


class GeoJsonFormat(Format[GeoJson]):
    """One GeoJSON FeatureCollection, feature by feature."""

    def sniff(self, head: bytes, options: GeoJson) -> None:
        """Refuse what does not open an object, or is not gzip where that is declared."""
        refuse_other_than_text(head, options, may_be_json)

    def decoder(self, path: Path, contract: FeedContract, options: GeoJson) -> JsonDecoder:
        """Features found by their brackets, each parsed by itself."""
        return JsonDecoder(path, contract, options, RECORDS, Features(contract, options))

    def locate(self, path: Path, contract: FeedContract, options: GeoJson, place: Place) -> str:
        """The feature's text; its place is one of the document in UTF-8, whatever the file's encoding."""
        return document_text_at(path, options.encoding, place, compressed=options.compression is not None)

    def write_sample(self, path: Path, options: GeoJson, header: list[str], rows: Iterable[dict[str, str]]) -> None:
        """Geometries in the datum of each feature."""
        write_features(path, options, (feature_of(row, header, options) for row in rows))

    def write_rows_to_fix(
        self, path_of: Callable[[int], Path], options: GeoJson, sources: list[str], rows: Iterable[RowToFix]
    ) -> list[Path]:
        """One collection; what was made of a geometry stands among the properties, and counts where there is none."""
        features = (feature(object_to_fix(sources, row)) for row in rows)
        write_features(path_of(1), options, features, unfit=JSON_ESCAPES)
        return [path_of(1)]

    def outline(self, sample: Sample) -> Outline | None:
        """What a contract of such files would say."""
        return outline_of(sample)
