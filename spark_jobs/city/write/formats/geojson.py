"""Collections of features, of which some have latitude first."""

import json
from pathlib import Path

from expectations.contract.formats.geojson import GeoJson
from spark_jobs.city.batch import Batch
from spark_jobs.intake.formats.geojson.write import feature_of, write_features


def write(batch: Batch, options: GeoJson, path: Path) -> None:
    """Write the batch, each feature in the datum that it says."""
    header, columns = list(batch.columns), [texts.to_pylist() for texts in batch.columns.values()]
    rows = (dict(zip(header, row, strict=True)) for row in zip(*columns, strict=True))
    features = (feature_of(row, header, options) for row in rows)
    write_features(path, options, (_swapped(text) if n in batch.faults else text for n, text in enumerate(features)))


def first_row(options: GeoJson) -> int:
    """Features are counted from 1."""
    return 1


def _swapped(text: str) -> str:
    """The feature of a point with its axes the other way round."""
    document = json.loads(text)
    document["geometry"]["coordinates"].reverse()
    return json.dumps(document, ensure_ascii=False)
