"""Columns of points that are alike: checked, and in another datum, as `geometry` does it with each."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from expectations.contract.formats.geojson import GeoJson
from spark_jobs.intake.formats.geojson.datum import Degrees, wgs84_written
from spark_jobs.intake.formats.geojson.geometry import MOST_PLACES, datum_of
from spark_jobs.intake.formats.machinery.json_shape import Path, Shape
from spark_jobs.intake.formats.machinery.json_shapes import Columns
from spark_jobs.intake.formats.machinery.named_values import Number, compact
from spark_jobs.intake.formats.machinery.slices import Mask

_PLAIN = r"^-?[0-9]+(\.[0-9]+)?$"
_COORDINATE = ("geometry", "coordinates")


class PointColumns:
    """Makes columns of the values of features of one shape.

    Args:
        options: the datum of coordinates, and where they must be.
        shape: of the features.
        names: of the record, by the paths of values outside the geometry.
        columns: of the contract, by their names in the record.
        geometry: of one of the features; None: they have none.
        said: where features say their datum.
    """

    def __init__(
        self,
        options: GeoJson,
        shape: Shape,
        names: Mapping[Path, str],
        columns: Mapping[str, str],
        geometry: Any,
        said: Path | None,
    ) -> None:
        self._options = options
        self._columns = columns
        places = {path: place for place, path in enumerate(shape.paths)}
        self._values = {names[path]: place for path, place in places.items() if path in names}
        self._axes = [place for path, place in places.items() if path[:2] == _COORDINATE]
        self._said = None if said is None else places[said]
        text = compact(geometry and {**geometry, "coordinates": [Number("|")]})
        self._before, _, self._after = text.partition("|")
        """Of the coordinates in the geometry's JSON."""

    def of(self, values: list[pa.Array]) -> Columns:
        """The columns of those that need not be looked at one by one; `values` are those of the shape's slots."""
        if not self._axes:
            return None, self._named(values, {})
        position = [values[place] for place in self._axes]
        datums = self._datums(values)
        fits = np.logical_and.reduce([_are_plain(each) for each in position]) & _mask(pc.is_valid(datums))
        degrees = np.stack([_degrees(each, fits) for each in position[:2]])
        fits &= self._are_within(degrees)
        kept, position, (datums,) = (_filtered(each, fits) for each in (values, position, [datums]))
        return fits, self._named(kept, self._geometry(position, degrees[:, fits], datums))

    def _named(self, values: Sequence[pa.Array], geometry: Mapping[str, pa.Array]) -> dict[str, pa.Array]:
        found = {name: values[place] for name, place in self._values.items()} | dict(geometry)
        return {column: found[name] for name, column in self._columns.items() if name in found}

    def _datums(self, values: list[pa.Array]) -> pa.Array:
        """What the features say, null where that means none."""
        if self._said is None:
            return pa.repeat(pa.scalar(self._options.datum), len(values[0]))
        said = values[self._said].dictionary_encode()
        meant = [datum_of(each, self._options) for each in said.dictionary.to_pylist()]
        return pa.array(meant, pa.string()).take(said.indices)

    def _are_within(self, degrees: Degrees) -> Mask:
        west, south, east, north = self._options.within
        longitude, latitude = degrees
        are_within: Mask = (west <= longitude) & (longitude <= east) & (south <= latitude) & (latitude <= north)
        return are_within

    def _geometry(self, position: list[pa.Array], degrees: Degrees, datums: pa.Array) -> dict[str, pa.Array]:
        longitude, latitude = _converted(position, degrees, datums)
        kind = "POINT Z (" if len(position) > len(degrees) else "POINT ("
        found = {
            "wkt": _joined(kind, *_parted([longitude, latitude, *position[2:]], " "), ")"),
            "type": pa.repeat(pa.scalar("Point"), len(datums)),
            "longitude": longitude,
            "latitude": latitude,
            "datum": datums,
            "json": _joined(self._before, *_parted(position, ","), self._after),
        }
        return {f"geometry.{name}": array for name, array in found.items()}


def _are_plain(numbers: pa.Array) -> Mask:
    """Numbers that are written as they are; others are rewritten, or are no degrees."""
    is_plain = _mask(pc.fill_null(pc.match_substring_regex(numbers, _PLAIN), False))
    return is_plain & _mask(pc.fill_null(pc.less_equal(pc.binary_length(numbers), MOST_PLACES), False))


def _degrees(numbers: pa.Array, are_plain: Mask) -> Degrees:
    """Numbers, and NaN for those that are not plain."""
    plain = pc.if_else(pa.array(are_plain), numbers, pa.scalar(None, pa.string()))
    degrees: Degrees = plain.cast(pa.float64()).to_numpy(zero_copy_only=False)
    return degrees


def _converted(position: list[pa.Array], degrees: Degrees, datums: pa.Array) -> list[pa.Array]:
    """Longitudes and latitudes in the datum of the columns."""
    is_shifted = pc.equal(datums, "gcj02")
    written = wgs84_written(*degrees[:, _mask(is_shifted)])
    if not written:
        return position[:2]
    of_axes = zip(position[:2], zip(*written, strict=True), strict=True)
    return [pc.replace_with_mask(axis, is_shifted, pa.array(texts, pa.string())) for axis, texts in of_axes]


def _filtered(arrays: Sequence[pa.Array], kept: Mask) -> list[pa.Array]:
    return list(arrays) if kept.all() else [array.filter(pa.array(kept)) for array in arrays]


def _parted(arrays: Sequence[pa.Array], separator: str) -> list[pa.Array | str]:
    parts = [part for array in arrays for part in (separator, array)]
    return parts[1:]


def _joined(*parts: pa.Array | str) -> pa.Array:
    return pc.binary_join_element_wise(*parts, "")


def _mask(array: pa.Array) -> Mask:
    mask: Mask = array.to_numpy(zero_copy_only=False)
    return mask
