"""Features (RFC 7946, section 3.2) to rows."""

from collections.abc import Iterator
from typing import Any

import pyarrow as pa

from expectations.contract.feed import FeedContract
from expectations.contract.formats.geojson import GeoJson
from spark_jobs.intake.accounting import Accounting
from spark_jobs.intake.formats.geojson.geometry import SWAPPED, GeometryError, datum_of, geometry
from spark_jobs.intake.formats.geojson.points import PointFeatures
from spark_jobs.intake.formats.machinery.charset import Positions
from spark_jobs.intake.formats.machinery.chunk import Chunk
from spark_jobs.intake.formats.machinery.header import FIX_COLUMNS
from spark_jobs.intake.formats.machinery.json_parser import parsed
from spark_jobs.intake.formats.machinery.json_shapes import JsonShapes
from spark_jobs.intake.formats.machinery.named_values import NamedValues, NotARecordError, compact
from spark_jobs.intake.formats.machinery.rows import Place, RowBuilder

_GEOMETRY = "geometry"


class Features:
    """Turns the text of features into rows, and tells whose axes were swapped."""

    def __init__(self, contract: FeedContract, options: GeoJson) -> None:
        self._options = options
        self._values = NamedValues(contract)
        known = {*(column.source for column in contract.columns), *contract.ignore}
        self._wanted = {source for source in known if source.startswith(f"{_GEOMETRY}.")}
        self._shapes = JsonShapes(contract, self._values, PointFeatures(self._values, options, self._wanted))
        self._swapped = 0

    def batches(self, chunk: Chunk) -> Iterator[tuple[Positions, pa.RecordBatch]]:
        """Features that become rows at once, by their places in the chunk; `add` is for the others.

        Raises:
            DeliveryRejected: `too_many_columns`.
        """
        return self._shapes.batches(chunk)

    def add(self, text: str, place: Place, rows: RowBuilder) -> None:
        """Add the feature to `rows`, as a defect where it is none, or its geometry cannot be used.

        Raises:
            json.JSONDecodeError: a fault of syntax.
            DeliveryRejected: `unknown_column`, `too_many_columns`.
        """
        try:
            record = self._record(parsed(text))
        except (NotARecordError, RecursionError):
            rows.add_defect(place, "malformed_record", text)
        except GeometryError as error:
            rows.add_defect(place, str(error), text)
        else:
            self._values.add(record, text, place, rows, may_be_unfit="\\" in text)

    def finish(self, accounting: Accounting) -> None:
        """Note what became of properties, and how many features had their axes swapped.

        Raises:
            DeliveryRejected: `missing_column`.
        """
        self._values.finish(accounting)
        if self._swapped:
            accounting.notes.append(f"坐标为纬度在前的要素 {self._swapped} 个，已换为经度在前")

    def _record(self, feature: Any) -> dict[str, Any]:
        if not isinstance(feature, dict) or feature.get("type") != "Feature":
            raise NotARecordError
        properties = feature.get("properties")
        if not isinstance(properties, dict | None):
            raise NotARecordError
        record: dict[str, Any] = dict(properties or {})
        for name, value in feature.items():
            if name not in {"type", "properties", _GEOMETRY, "bbox"}:
                record["feature.id" if name == "id" else name] = value
        document = feature.get(_GEOMETRY)
        if document is not None:
            record |= self._geometry(document, record)
        elif not any(name in record for name in FIX_COLUMNS):
            record |= dict.fromkeys(self._wanted)
        return record

    def _geometry(self, document: Any, record: dict[str, Any]) -> dict[str, Any]:
        """The values of the geometry that the contract wants; if it wants none, the geometry is an unknown value."""
        if not self._wanted:
            return {_GEOMETRY: document}
        datum = self._datum(record)
        found = geometry(document, datum, self._options)
        self._swapped += found.is_swapped
        point = found.point
        values = {
            "wkt": found.wkt,
            "type": found.kind,
            "longitude": point and point.longitude,
            "latitude": point and point.latitude,
            "datum": datum,
            "note": SWAPPED if found.is_swapped else None,
            "json": compact(document),
        }
        return {f"{_GEOMETRY}.{name}": value for name, value in values.items() if f"{_GEOMETRY}.{name}" in self._wanted}

    def _datum(self, record: dict[str, Any]) -> str:
        options = self._options
        datum = datum_of(record.get(options.datum_property) if options.datum_property else None, options)
        if datum is None:
            raise GeometryError("datum_unknown")
        return datum
