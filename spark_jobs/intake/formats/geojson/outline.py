"""Properties and geometries of a GeoJSON document that nobody has described."""

import json
from typing import Any

from expectations.outline import Outline, are_names
from spark_jobs.intake.formats.machinery.sample import Sample
from spark_jobs.intake.formats.machinery.sample_objects import names_of

_SYSTEMS = {"CRS84": "wgs84", "4326": "wgs84", "4490": "cgcs2000"}
"""How reference systems are named -> their datum."""
_DATUM = "wgs84, cgcs2000 or gcj02: the file does not say which"


def outline_of(sample: Sample) -> Outline | None:
    """What a contract of it would say; None where it is no collection of features. Its datum somebody must know."""
    found = sample.text
    document = sample.document
    if found is None:
        return None
    try:
        features = document["features"] if document["type"] == "FeatureCollection" else []
        sources = _sources(features)
    except (TypeError, KeyError, AttributeError):
        return None
    if not are_names(sources):
        return None
    datum = _stated(document)
    decode, unknown = found.options("geojson", datum=datum or "cgcs2000"), {} if datum else {"datum": _DATUM}
    return Outline(decode, sources, found.suffix(".geojson"), to_decide=unknown)


def _stated(document: dict[str, Any]) -> str | None:
    """The datum by the member `crs`, which RFC 7946 has no more and many programs still write."""
    said = json.dumps(document.get("crs"))
    return next((datum for name, datum in _SYSTEMS.items() if name in said), None)


def _sources(features: list[dict[str, Any]]) -> list[str]:
    kinds = {each["geometry"]["type"] for each in features if each.get("geometry")}
    number = ["feature.id"] if any("id" in each for each in features) else []
    properties = names_of(each.get("properties") or {} for each in features)
    geometry = ["geometry.longitude", "geometry.latitude"] if kinds == {"Point"} else ["geometry.wkt"]
    return [*number, *properties, *(geometry if kinds else [])]
