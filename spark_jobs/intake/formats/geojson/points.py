"""Features of points that are alike, many at once: the rows that `Features` makes of each of them."""

from collections.abc import Collection
from typing import Any

from expectations.contract.formats.geojson import SOURCES, GeoJson
from spark_jobs.intake.formats.geojson.point_columns import PointColumns
from spark_jobs.intake.formats.machinery.json_shape import Path, Shape
from spark_jobs.intake.formats.machinery.json_shapes import Reading
from spark_jobs.intake.formats.machinery.named_values import NamedValues, Number

_COORDINATES: tuple[Path, ...] = tuple(("geometry", "coordinates", place) for place in range(3))
_COUNTS = (2, 3)
"""Of the numbers of a position."""


class PointFeatures:
    """Tells features of which rows can be made at once.

    Args:
        values: what becomes of properties.
        options: the datum of coordinates, and where they must be.
        wanted: values of the geometry that the contract knows, as `geometry.wkt`.
    """

    fixed: Collection[Path] = frozenset({("type",), ("properties",), ("geometry",), ("geometry", "type")})

    def __init__(self, values: NamedValues, options: GeoJson, wanted: Collection[str]) -> None:
        self._values = values
        self._options = options
        self._wanted = tuple(sorted(wanted))

    def reading(self, shape: Shape, document: Any) -> Reading | None:
        """Of a feature with flat properties and a point of plain numbers, or no geometry."""
        names = _names(document)
        if names is None:
            return None
        geometry = document.get("geometry")
        axes = _COORDINATES[: _numbers(geometry)]
        is_usable = geometry is None or (axes and self._wanted)
        if not is_usable or {*shape.paths} != {*names, *axes}:
            return None
        return self._reading(shape, names, geometry)

    def _reading(self, shape: Shape, names: dict[Path, str], geometry: Any) -> Reading | None:
        wanted = self._wanted
        if geometry is not None:
            wanted = tuple(name for name in wanted if name.removeprefix("geometry.") in SOURCES)
        all_names = (*names.values(), *wanted)
        found = self._values.columns(all_names)
        said = self._said(names)
        if found is None or said not in {None, *(slot.path for slot in shape.slots if slot.is_string)}:
            return None
        of_contract = {
            name: column.name for name, column in zip(all_names, found, strict=True) if column.fate == "contract"
        }
        columns = PointColumns(self._options, shape, names, of_contract, geometry, said)
        return Reading(all_names, columns.of)

    def _said(self, names: dict[Path, str]) -> Path | None:
        """Where the property is that says the datum."""
        return next((path for path, name in names.items() if name == self._options.datum_property), None)


def _names(feature: Any) -> dict[Path, str] | None:
    """Where values of the record are, but for those of the geometry, and their names; None: it is no plain feature."""
    if not isinstance(feature, dict) or feature.get("type") != "Feature" or "bbox" in feature:
        return None
    properties = feature.get("properties")
    if not isinstance(properties, dict | None):
        return None
    names: dict[Path, str] = {("properties", name): name for name in properties or ()}
    for name in feature:
        if name not in {"type", "properties", "geometry"}:
            names[name,] = "feature.id" if name == "id" else name
    return names


def _numbers(geometry: Any) -> int:
    """How many numbers the position of a point has; 0: it is no plain point."""
    if not isinstance(geometry, dict) or geometry.keys() != {"type", "coordinates"} or geometry["type"] != "Point":
        return 0
    numbers = geometry["coordinates"]
    is_position = isinstance(numbers, list) and len(numbers) in _COUNTS
    return len(numbers) if is_position and all(isinstance(each, Number) for each in numbers) else 0
