"""GeoJSON: geometries in one datum, swapped axes put right and told, invalid ones defects (RELIABILITY.md B33)."""

import json
import math
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from expectations.contract.formats.geojson import GeoJson
from expectations.domain_types import BREACHES_OF_EVERY_ROW
from expectations.rejections import DeliveryRejected
from spark_jobs.intake.formats import FORMATS, write_rows_to_fix
from spark_jobs.intake.formats.geojson.datum import gcj02_of, wgs84_of
from spark_jobs.intake.formats.machinery.exported import RowToFix
from tests.unit.intake.formats.decoding_cases import Decode, contract_of, decoded, is_partition

WGS84: dict[str, Any] = {"format": "geojson", "datum": "wgs84"}
GCJ02 = {**WGS84, "datum": "gcj02"}
SOURCES = ("名称", "geometry.wkt", "geometry.longitude", "geometry.latitude", "geometry.note", "geometry.datum")
XIANNING = [114.322, 29.841]
SQUARE = [[114.0, 29.0], [114.5, 29.0], [114.5, 29.5], [114.0, 29.0]]


def columns(*sources: str) -> list[dict[str, Any]]:
    return [
        {"source": s, "name": f"c{n}", "type": "string", "sensitivity": "open", "title_en": "C", "may_be_absent": True}
        for n, s in enumerate(sources)
    ]


def collection(*geometries: Any, **properties: Any) -> bytes:
    features = [
        {"type": "Feature", "properties": {"名称": "甲", **properties}, "geometry": each} for each in geometries
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False).encode()


def geometry(kind: str, coordinates: Any) -> dict[str, Any]:
    return {"type": kind, "coordinates": coordinates}


def run(decode: Decode, content: bytes, options: dict[str, Any] | None = None, **changes: Any) -> Any:
    return decode(content, options or WGS84, columns=columns(*SOURCES), **changes)


@pytest.mark.parametrize(
    ("shape", "wkt"),
    [
        (geometry("Point", [114.30, 29.8]), "POINT (114.3 29.8)"),
        (geometry("Point", [114.3, 29.8, 25]), "POINT Z (114.3 29.8 25)"),
        (geometry("LineString", SQUARE[:2]), "LINESTRING (114.0 29.0, 114.5 29.0)"),
        (geometry("MultiPoint", SQUARE[:2]), "MULTIPOINT ((114.0 29.0), (114.5 29.0))"),
        (geometry("Polygon", [SQUARE]), "POLYGON ((114.0 29.0, 114.5 29.0, 114.5 29.5, 114.0 29.0))"),
        (geometry("MultiPolygon", [[SQUARE]]), "MULTIPOLYGON (((114.0 29.0, 114.5 29.0, 114.5 29.5, 114.0 29.0)))"),
        (
            {"type": "GeometryCollection", "geometries": [geometry("Point", [114.3, 29.8])]},
            "GEOMETRYCOLLECTION (POINT (114.3 29.8))",
        ),
        (None, None),
    ],
)
def test_a_geometry_of_any_kind_is_well_known_text(decode: Decode, shape: Any, wkt: str | None) -> None:
    content = collection(shape)
    table, accounting = run(decode, content)
    assert table["c1"].to_pylist() == [wkt]
    assert table["_defect"].to_pylist() == [None]
    assert is_partition(accounting.ranges, len(content))


def test_digits_stay_as_they_were_written(decode: Decode) -> None:
    content = collection(geometry("Point", [1, 2])).replace(b"[1, 2]", b"[114.3000, 2.98e1]")
    table, _ = run(decode, content)
    assert table["c1"].to_pylist() == ["POINT (114.3000 29.8)"]
    assert (table["c2"].to_pylist(), table["c3"].to_pylist()) == (["114.3000"], ["29.8"])


def metres(one: tuple[float, float], other: tuple[float, float]) -> float:
    east = math.radians(one[0] - other[0]) * math.cos(math.radians(one[1])) * 6_371_000
    return math.hypot(east, math.radians(one[1] - other[1]) * 6_371_000)


@given(longitude=st.floats(73.7, 135), latitude=st.floats(18, 53))
def test_there_and_back_between_datums_is_the_same_place(longitude: float, latitude: float) -> None:
    shifted = gcj02_of(longitude, latitude)
    assert 20 < metres(shifted, (longitude, latitude)) < 1_200
    assert metres(wgs84_of(*shifted), (longitude, latitude)) < 0.001


def test_the_shift_is_that_of_maps() -> None:
    """Tian'anmen, as published beside both datums by makers of map programs."""
    assert metres(gcj02_of(116.391259, 39.907355), (116.397502, 39.908757)) < 2
    assert gcj02_of(2.2945, 48.8584) == (2.2945, 48.8584)


def test_a_file_s_datum_is_that_of_its_features_unless_they_say_theirs(decode: Decode) -> None:
    point = geometry("Point", list(gcj02_of(*XIANNING)))
    table, _ = run(decode, collection(point), GCJ02)
    found = (float(table["c2"][0].as_py()), float(table["c3"][0].as_py()))
    assert metres(found, (XIANNING[0], XIANNING[1])) < 0.01
    options = {**GCJ02, "datum_property": "坐标系", "datum_values": {"国家2000": "cgcs2000", "高德": "gcj02"}}
    sources = columns(*SOURCES, "坐标系")
    for said, is_shifted in (("国家2000", True), ("高德", False), ("", False)):
        content = collection(point, 坐标系=said)
        table, _ = decode(content, options, columns=sources)
        assert (table["c2"].to_pylist() == [str(point["coordinates"][0])]) == is_shifted
    table, _ = decode(collection(point, 坐标系="北京54"), options, columns=sources)
    assert table["_defect"].to_pylist() == ["datum_unknown"]


def test_swapped_axes_are_put_right_and_told(decode: Decode) -> None:
    swapped = geometry("Polygon", [[[y, x] for x, y in SQUARE]])
    table, accounting = run(decode, collection(swapped, geometry("Point", XIANNING)))
    assert table["c1"].to_pylist()[0].startswith("POLYGON ((114.0 29.0, ")
    assert table["c4"].to_pylist() == ["axes_swapped", None]
    assert any("纬度在前的要素 1 个" in note for note in accounting.notes)


@pytest.mark.parametrize(
    ("shape", "defect"),
    [
        pytest.param(geometry("Point", [0, 0]), "geometry_outside", id="nowhere"),
        pytest.param(geometry("Point", [528_000.5, 3_302_000.1]), "geometry_outside", id="metres of a projection"),
        pytest.param(geometry("LineString", [XIANNING, XIANNING[::-1]]), "geometry_outside", id="some swapped"),
        pytest.param(geometry("Polygon", [SQUARE[:3]]), "geometry_invalid", id="a ring of three"),
        pytest.param(geometry("Polygon", [[*SQUARE[:3], [114.1, 29.1]]]), "geometry_invalid", id="a ring that is open"),
        pytest.param(geometry("LineString", [XIANNING]), "geometry_invalid", id="a line of one"),
        pytest.param(geometry("Point", ["114.3", 29.8]), "geometry_invalid", id="a number as text"),
        pytest.param(geometry("Point", [114.3]), "geometry_invalid", id="one number"),
        pytest.param(geometry("Circle", XIANNING), "geometry_invalid", id="no such kind"),
        pytest.param(geometry("LineString", [XIANNING, [*XIANNING, 1]]), "geometry_invalid", id="one height"),
        pytest.param("POINT (1 2)", "geometry_invalid", id="text"),
    ],
)  # fmt: skip
def test_a_geometry_that_cannot_be_used_spoils_its_feature_alone(decode: Decode, shape: Any, defect: str) -> None:
    table, _ = run(decode, collection(geometry("Point", XIANNING), shape))
    assert table["_defect"].to_pylist() == [None, defect]
    assert defect in BREACHES_OF_EVERY_ROW


def test_a_city_s_box_is_narrower_than_china(decode: Decode) -> None:
    options = {**WGS84, "within": [113.5, 28.9, 115.0, 30.4]}
    table, _ = run(decode, collection(geometry("Point", XIANNING), geometry("Point", [116.4, 39.9])), options)
    assert table["_defect"].to_pylist() == [None, "geometry_outside"]


@pytest.mark.parametrize(
    "feature",
    ['{"type":"Point"}', '{"type":"Feature","properties":[1]}', "7", '{"type":"Feature","type":"Feature"}'],
)
def test_what_is_no_feature_is_defective(decode: Decode, feature: str) -> None:
    table, _ = run(decode, f'{{"type":"FeatureCollection","features":[{feature}]}}'.encode())
    assert table["_defect"].to_pylist() == ["malformed_record"]
    assert table["_raw"].to_pylist() == [feature]


def test_no_geometry_is_dropped_unasked(decode: Decode) -> None:
    content = collection(geometry("Point", XIANNING))
    with pytest.raises(DeliveryRejected, match="unknown_column"):
        decode(content, WGS84, columns=columns("名称"))
    table, _ = decode(content, WGS84, columns=columns("名称"), on_unknown_column="rescue")
    assert json.loads(table["_rescued"][0].as_py()) == {"geometry": geometry("Point", XIANNING)}
    table, _ = decode(content, WGS84, columns=columns("名称"), ignore=("geometry",))
    assert table["c0"].to_pylist() == ["甲"]


def test_a_feature_s_id_is_a_column(decode: Decode) -> None:
    content = collection(None).replace(b'"properties"', b'"id": 17, "bbox": [1], "properties"')
    table, _ = decode(content, WGS84, columns=columns("名称", "feature.id"))
    assert table["c1"].to_pylist() == ["17"]


def test_rows_to_fix_come_back_with_what_was_made_of_their_geometry_or_another(tmp_path: Path) -> None:
    contract = contract_of(GCJ02, columns=columns(*SOURCES))
    rows = [RowToFix(1, "原因", "建议", ("=甲", "POINT (114.3 29.8)", "114.3", "29.8", None, "gcj02"))]
    (path,) = write_rows_to_fix(contract, lambda _: tmp_path / "fix.geojson", rows)
    table, accounting = decoded(path, contract)
    assert accounting.is_correction
    assert [table[f"c{n}"][0].as_py() for n in range(6)] == [
        "=甲",
        "POINT (114.3 29.8)",
        "114.3",
        "29.8",
        None,
        "gcj02",
    ]
    text = path.read_text("utf-8").replace('"geometry":null', '"geometry":{"type":"Point","coordinates":[114.5,29.5]}')
    path.write_text(text, "utf-8")
    table, _ = decoded(path, contract)
    assert table["c1"][0].as_py().startswith("POINT (114.49")


def numbers(wkt: str) -> list[float]:
    return [float(each) for each in re.findall(r"[0-9.]+", wkt)]


@pytest.mark.parametrize("datum", ["gcj02", "wgs84"])
def test_a_sample_has_its_geometry_in_its_own_datum(tmp_path: Path, datum: str) -> None:
    contract = contract_of({**WGS84, "datum": datum}, columns=columns("名称", "geometry.wkt"))
    shapes = [
        "POINT (114.3 29.8)",
        "MULTIPOINT ((114.3 29.8), (114.4 29.9))",
        "POLYGON ((114.3 29.8, 114.4 29.8, 114.4 29.9, 114.3 29.8))",
    ]
    rows = [{"名称": "甲", "geometry.wkt": wkt} for wkt in shapes]
    path = tmp_path / "sample.geojson"
    FORMATS["geojson"].write_sample(path, contract.layout, ["名称", "geometry.wkt"], rows)
    table, _ = decoded(path, contract)
    assert [numbers(text) for text in table["c1"].to_pylist()] == [pytest.approx(numbers(text)) for text in shapes]
    assert [text.split(" ")[0] for text in table["c1"].to_pylist()] == [text.split(" ")[0] for text in shapes]
    document = json.loads(path.read_text("utf-8"))
    is_shifted = document["features"][0]["geometry"]["coordinates"] != [114.3, 29.8]
    assert is_shifted == (datum == "gcj02")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"datum_property": "x"}, "go together"),
        ({"within": [115, 28, 114, 30]}, "least longitude"),
        ({"within": [20, 10, 60, 50]}, "tell longitudes from latitudes"),
        ({"datum": "beijing54"}, "datum"),
    ],
)
def test_options_that_say_nothing_are_refused(changed: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        contract_of({**WGS84, **changed})
    with pytest.raises(ValidationError, match="a geometry has"):
        contract_of(WGS84, columns=columns("geometry.area"))


def test_the_dictionary_names_both_datums() -> None:
    assert "坐标系 GCJ-02，入库时统一为 CGCS2000" in GeoJson.model_validate(GCJ02).describe()
