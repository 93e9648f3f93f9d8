"""GeoJSON, written."""

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from expectations.contract.formats.geojson import GeoJson
from spark_jobs.intake.formats.geojson.datum import gcj02_of
from spark_jobs.intake.formats.machinery.text_file import writing

_POSITION = re.compile(r"(-?[0-9.]+) (-?[0-9.]+)((?: -?[0-9.]+)?)")
_KINDS = {
    kind.upper(): kind for kind in ("Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon")
}


def write_features(path: Path, options: GeoJson, features: Iterable[str], unfit: str = "strict") -> None:
    """Write features, each as its JSON, as a FeatureCollection."""
    with writing(path, options.encoding, compressed=options.compression is not None, unfit=unfit) as text:
        text.write('{"type":"FeatureCollection","features":[')
        for number, each in enumerate(features):
            text.write(f"{',' if number else ''}\n{each}")
        text.write("\n]}")


def feature(properties: str, document: Any = None, key: str | None = None) -> str:
    """The JSON of a feature from that of its properties."""
    named = "" if key is None else f'"id":{json.dumps(key, ensure_ascii=False)},'
    return f'{{"type":"Feature",{named}"properties":{properties},"geometry":{json.dumps(document)}}}'


def feature_of(row: Mapping[str, str], header: list[str], options: GeoJson) -> str:
    """The feature of which decoding makes this row: its geometry by its well-known text, or by its point."""
    names = [name for name in header if not name.startswith("geometry.") and name != "feature.id"]
    properties = json.dumps({name: row[name] for name in names}, ensure_ascii=False)
    said = row.get(options.datum_property or "", "")
    datum = options.datum_values.get(said, options.datum)
    return feature(properties, _document(row, datum), row.get("feature.id"))


def _document(row: Mapping[str, str], datum: str) -> Any:
    text = row.get("geometry.wkt", "")
    kind, _, body = text.partition(" ")
    if kind in _KINDS and _POSITION.search(body):
        document = _coordinates(body.removeprefix("Z "), datum)
        if kind == "MULTIPOINT":
            document = [each[0] for each in document]
        return {"type": _KINDS[kind], "coordinates": document[0] if kind == "POINT" else document}
    try:
        point = (float(row["geometry.longitude"]), float(row["geometry.latitude"]))
    except (KeyError, ValueError):
        return None
    return {"type": "Point", "coordinates": list(_shifted(*point, datum))}


def _coordinates(body: str, datum: str) -> Any:
    def position(found: re.Match[str]) -> str:
        longitude, latitude = _shifted(float(found[1]), float(found[2]), datum)
        height = f",{found[3].strip()}" if found[3] else ""
        return f"[{longitude},{latitude}{height}]"

    return json.loads(_POSITION.sub(position, body).replace("(", "[").replace(")", "]"))


def _shifted(longitude: float, latitude: float, datum: str) -> tuple[float, float]:
    if datum != "gcj02":
        return longitude, latitude
    x, y = gcj02_of(longitude, latitude)
    return round(x, 9), round(y, 9)
