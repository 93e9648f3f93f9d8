"""Feature collections of every charset."""

import gzip
import json
from typing import Any

from expectations.contract.formats.geojson import GeoJson

FORMS: list[dict[str, Any]] = [
    {"format": "geojson", "datum": "gcj02"},
    {"format": "geojson", "datum": "wgs84", "compression": "gzip"},
    {"format": "geojson", "datum": "cgcs2000", "encoding": "gb18030"},
    {"format": "geojson", "datum": "cgcs2000", "encoding": "utf-16"},
]


def read(content: bytes, options: GeoJson) -> list[list[str]]:
    """The properties of features, their names as the header."""
    document = json.loads((gzip.decompress(content) if options.compression else content).decode(options.encoding))
    records = [feature["properties"] for feature in document["features"]]
    return [list(records[0]), *([str(value) for value in record.values()] for record in records)] if records else []
