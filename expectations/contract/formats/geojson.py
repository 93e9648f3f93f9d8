"""One GeoJSON FeatureCollection (RFC 7946), its geometries in one datum whatever theirs is."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from expectations.contract.format_options import TextOptions

Datum = Literal["wgs84", "cgcs2000", "gcj02"]
Degrees = Annotated[float, Field(ge=-180, le=180)]

_CALLED = {"wgs84": "WGS-84", "cgcs2000": "CGCS2000", "gcj02": "GCJ-02"}
SOURCES = ("wkt", "type", "longitude", "latitude", "datum", "note", "json")


class GeoJson(TextOptions):
    """One GeoJSON FeatureCollection (RFC 7946).

    Sources are the names of properties, and `feature.id`. Of the geometry: `geometry.wkt` (well-known text, longitude
    first, in the datum `to`), `geometry.type`, `geometry.longitude` and `geometry.latitude` of a point,
    `geometry.datum` as delivered, `geometry.note` (`axes_swapped` where latitude came first, which is put right),
    `geometry.json` as delivered.
    """

    format: Literal["geojson"]
    datum: Datum
    """Of the file's coordinates, or of the features that do not say it."""
    datum_property: str | None = None
    """The property that says the datum of its feature."""
    datum_values: dict[str, Datum] = Field(default_factory=dict)
    """What that property says -> which datum it means; a value that is not here is a defect of its row."""
    to: Literal["wgs84", "cgcs2000"] = "cgcs2000"
    """The datum of the columns. Between WGS-84 and CGCS2000 nothing is changed: they differ by centimetres."""
    within: tuple[Degrees, Degrees, Degrees, Degrees] = (73.0, 3.0, 136.0, 54.0)
    """Least longitude and latitude, greatest longitude and latitude: where coordinates must be, by which swapped axes
    are found; China by default."""

    @model_validator(mode="after")
    def _datums_and_box_agree(self) -> "GeoJson":
        if (self.datum_property is None) != (not self.datum_values):
            raise ValueError("datum_property and datum_values go together")
        west, south, east, north = self.within
        if west >= east or south >= north:
            raise ValueError("within is least longitude, least latitude, greatest longitude, greatest latitude")
        if west <= north and south <= east and west < north:
            raise ValueError("within must tell longitudes from latitudes, or swapped axes cannot be found")
        return self

    def refuse_sources(self, sources: tuple[str, ...]) -> None:
        """Refuse what a geometry does not have."""
        odd = [s for s in sources if s.startswith("geometry.") and s.removeprefix("geometry.") not in SOURCES]
        if odd:
            raise ValueError(f"a geometry has {', '.join(SOURCES)}, not {', '.join(odd)}")

    @property
    def suffixes(self) -> tuple[str, ...]:
        """`.geojson` or `.json`."""
        return self._packed(".geojson", ".json")

    def describe(self) -> str:
        """Encoding, the datum of coordinates and of columns."""
        by = f"，以属性 `{self.datum_property}` 所写为准" if self.datum_property else ""
        return (
            f"GeoJSON（RFC 7946）FeatureCollection，{self.encoding}，坐标系 {_CALLED[self.datum]}{by}，"
            f"入库时统一为 {_CALLED[self.to]}{self._packing}"
        )
