"""Feature collections of every charset."""

import gzip
import json
from typing import Any

from expectations.contract.formats.geojson import GeoJson
from spark_jobs.intake.formats.geojson.datum import gcj02_of

FORMS: list[dict[str, Any]] = [
    {"format": "geojson", "datum": "gcj02"},
    {"format": "geojson", "datum": "wgs84", "compression": "gzip"},
    {"format": "geojson", "datum": "cgcs2000", "encoding": "gb18030"},
    {"format": "geojson", "datum": "cgcs2000", "encoding": "utf-16"},
]


def read(content: bytes, options: GeoJson) -> list[list[str]]:
    """The properties of features, their names as the header; of a point its longitude and latitude in CGCS2000."""
    document = json.loads((gzip.decompress(content) if options.compression else content).decode(options.encoding))
    records = [feature["properties"] | _point(feature, options) for feature in document["features"]]
    return [list(records[0]), *([str(value) for value in record.values()] for record in records)] if records else []


def _point(feature: dict[str, Any], options: GeoJson) -> dict[str, str]:
    if not feature["geometry"]:
        return {}
    longitude, latitude = sorted(feature["geometry"]["coordinates"], reverse=True)
    said = feature["properties"].get(options.datum_property or "", "")
    if options.datum_values.get(said, options.datum) == "gcj02":
        longitude, latitude = _before_shift(longitude, latitude)
    return {"geometry.longitude": repr(round(longitude, 6)), "geometry.latitude": repr(round(latitude, 6))}


def _before_shift(longitude: float, latitude: float) -> tuple[float, float]:
    """The place of which GCJ-02 says this, found by trying: each try is put right by how far it is shifted too far."""
    x, y = longitude, latitude
    for _ in range(10):
        shifted_x, shifted_y = gcj02_of(x, y)
        x, y = x + longitude - shifted_x, y + latitude - shifted_y
    return x, y
