"""DuckDB on a feature collection as JSON; it makes nothing of the geometries."""

from pathlib import Path

import duckdb

from tests.bench.intake.peers import Tried

_MOST_BYTES = 2_000_000_000


def read(path: Path, out: Path, columns: list[str]) -> None:
    """All properties as texts."""
    fields = ", ".join(f"f.properties ->> '{name}' as {name}" for name in columns if "." not in name)
    types = "{'features': 'STRUCT(properties JSON, geometry JSON)[]'}"
    document = f"read_json('{path}', columns = {types}, maximum_object_size = {_MOST_BYTES})"
    duckdb.sql(
        f"copy (select {fields}, f.geometry::varchar as geometry from (select unnest(features) as f from {document}))"
        f" to '{out}'"
    )


FORMS = {
    "geojson": Tried(
        {"format": "geojson", "datum": "gcj02"},
        "DuckDB",
        read,
        {"amount": "geometry.longitude", "paid": "geometry.latitude"},
        share=0.5,
    )
}
