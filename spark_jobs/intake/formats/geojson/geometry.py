"""A GeoJSON geometry (RFC 7946, section 3.1) as text: checked, its axes put right, in another datum."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import numpy as np

from expectations.contract.formats.geojson import GeoJson
from spark_jobs.intake.formats.geojson.datum import wgs84_written
from spark_jobs.intake.formats.machinery.named_values import Number

SWAPPED = "axes_swapped"
_PLAIN = re.compile(r"-?[0-9]+(\.[0-9]+)?")
MOST_PLACES = 40
"""Digits of a number of degrees; a longer one is none."""


class GeometryError(Exception):
    """A geometry that cannot be used; its argument is the code of its row's defect."""


@dataclass
class Position:
    """One position, numbers as they were written."""

    longitude: str
    latitude: str
    height: str | None = None


@dataclass
class Geometry:
    """A geometry as text."""

    kind: str
    wkt: str
    positions: list[Position] = field(default_factory=list)
    is_swapped: bool = False

    @property
    def point(self) -> Position | None:
        """The position of a point."""
        return self.positions[0] if self.kind == "Point" else None


def datum_of(said: Any, options: GeoJson) -> str | None:
    """The datum of a feature that says so; None: what it says is not known."""
    return options.datum if said is None or said == "" else options.datum_values.get(str(said).strip())


def geometry(document: Any, datum: str, options: GeoJson) -> Geometry:
    """A geometry in the datum of the columns.

    Raises:
        GeometryError: `geometry_invalid`: it breaks RFC 7946; `geometry_outside`: a position is not where it must be,
            nor would be with its axes swapped.
    """
    found = _Reader().read(document)
    box = options.within
    inside = [_is_within(position, box) for position in found.positions]
    if not all(inside):
        swapped = [Position(each.latitude, each.longitude, each.height) for each in found.positions]
        if any(inside) or not all(_is_within(position, box) for position in swapped):
            raise GeometryError("geometry_outside")
        for position, right in zip(found.positions, swapped, strict=True):
            position.longitude, position.latitude = right.longitude, right.latitude
        found.is_swapped = True
    if datum == "gcj02":
        _convert(found.positions)
    found.wkt = found.wkt.format(*map(_written, found.positions))
    return found


def _is_within(position: Position, box: tuple[float, float, float, float]) -> bool:
    west, south, east, north = box
    return west <= float(position.longitude) <= east and south <= float(position.latitude) <= north


def _convert(positions: list[Position]) -> None:
    degrees = np.array([(each.longitude, each.latitude) for each in positions], np.float64).reshape(-1, 2)
    for position, converted in zip(positions, wgs84_written(*degrees.T), strict=True):
        position.longitude, position.latitude = converted


def _written(position: Position) -> str:
    height = "" if position.height is None else f" {position.height}"
    return f"{position.longitude} {position.latitude}{height}"


class _Reader:
    """Reads coordinates of any nesting: well-known text with `{}` for each position, and the positions."""

    def __init__(self) -> None:
        self._positions: list[Position] = []
        self._has_heights: set[bool] = set()

    def read(self, document: Any) -> Geometry:
        text = self._text(document)
        if len(self._has_heights) > 1:
            raise GeometryError("geometry_invalid")
        return Geometry(str(document["type"]), text, self._positions)

    def _text(self, document: Any) -> str:
        if not isinstance(document, dict):
            raise GeometryError("geometry_invalid")
        kind = document.get("type")
        if kind == "GeometryCollection":
            parts = self._list(document.get("geometries"), 0)
            return f"GEOMETRYCOLLECTION ({', '.join(map(self._text, parts))})" if parts else "GEOMETRYCOLLECTION EMPTY"
        if kind not in _KINDS:
            raise GeometryError("geometry_invalid")
        before = len(self._positions)
        body = _KINDS[kind](self, document.get("coordinates"))
        has_height = len(self._positions) > before and self._positions[before].height is not None
        return f"{kind.upper()}{' Z' if has_height else ''} {body}"

    def point(self, value: Any) -> str:
        return f"({self._position(value)})"

    def line(self, value: Any) -> str:
        return self._joined(self._list(value, 2), self._position)

    def points(self, value: Any) -> str:
        return self._joined(self._list(value, 1), self.point)

    def ring(self, value: Any) -> str:
        """Closed, of four positions or more (RFC 7946, 3.1.6)."""
        positions = self._list(value, 4)
        if positions[0] != positions[-1]:
            raise GeometryError("geometry_invalid")
        return self._joined(positions, self._position)

    def polygon(self, value: Any) -> str:
        return self._joined(self._list(value, 1), self.ring)

    def lines(self, value: Any) -> str:
        return self._joined(self._list(value, 1), self.line)

    def polygons(self, value: Any) -> str:
        return self._joined(self._list(value, 1), self.polygon)

    def _joined(self, values: list[Any], to_text: Callable[[Any], str]) -> str:
        return f"({', '.join(map(to_text, values))})"

    def _list(self, value: Any, least: int) -> list[Any]:
        if not isinstance(value, list) or len(value) < least:
            raise GeometryError("geometry_invalid")
        return value

    def _position(self, value: Any) -> str:
        numbers = self._list(value, 2)
        if len(numbers) > 3 or not all(isinstance(each, Number) for each in numbers):
            raise GeometryError("geometry_invalid")
        texts = [_degrees(each) for each in numbers]
        self._positions.append(Position(*texts))
        self._has_heights.add(len(texts) > 2)
        return "{}"


_KINDS: dict[str, Callable[[_Reader, Any], str]] = {
    "Point": _Reader.point,
    "MultiPoint": _Reader.points,
    "LineString": _Reader.line,
    "MultiLineString": _Reader.lines,
    "Polygon": _Reader.polygon,
    "MultiPolygon": _Reader.polygons,
}


def _degrees(number: str) -> str:
    """A number without exponent, as it is written where it has none."""
    if len(number) > MOST_PLACES:
        raise GeometryError("geometry_invalid")
    if _PLAIN.fullmatch(number):
        return str(number)
    value = Decimal(number)
    if abs(value.adjusted()) > MOST_PLACES and value:
        raise GeometryError("geometry_invalid")
    return format(value, "f")
