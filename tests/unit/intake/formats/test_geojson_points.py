"""Features of points that are alike are rows at once, the same rows as each by itself gives."""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from expectations.rejections import DeliveryRejected
from spark_jobs.intake.formats import open_decoder
from spark_jobs.intake.formats.geojson import datum
from spark_jobs.intake.formats.geojson.features import Features
from spark_jobs.intake.formats.geojson.geometry import SWAPPED
from spark_jobs.intake.formats.machinery import json_shapes
from tests.unit.intake.formats.decoding_cases import contract_of

OPTIONS: dict[str, Any] = {
    "format": "geojson",
    "datum": "wgs84",
    "datum_property": "坐标系",
    "datum_values": {"国家2000": "cgcs2000", "高德": "gcj02"},
}
WANTED = ("wkt", "type", "longitude", "latitude", "datum", "note", "json")
SOURCES = ("名称", "坐标系", "feature.id", *(f"geometry.{name}" for name in WANTED))
XIANNING = "[114.322, 29.841]"


def rows_of(path: Path, features: list[str], options: dict[str, Any] = OPTIONS, **changes: Any) -> Any:
    """The rows by their numbers, and the accounting; or why the file is rejected."""
    columns = [
        {"source": s, "name": f"c{n}", "type": "string", "sensitivity": "open", "title_en": "C", "may_be_absent": True}
        for n, s in enumerate(SOURCES)
    ]
    path.write_text('{"type": "FeatureCollection", "features": [\n' + ",\n".join(features) + "]}", "utf-8")
    decoder = open_decoder(path, contract_of(options, columns=columns, **changes))
    try:
        rows = [row for batch in decoder.batches() for row in batch.to_pylist()]
    except DeliveryRejected as rejected:
        return str(rejected)
    return sorted(rows, key=lambda row: row["_row_number"]), decoder.accounting


def feature(coordinates: str = XIANNING, name: str = '"甲"', said: str = '"高德"') -> str:
    properties = f'{{"名称": {name}, "坐标系": {said}}}'
    return f'{{"type":"Feature","properties":{properties},"geometry":{{"type":"Point","coordinates":{coordinates}}}}}'


@contextmanager
def shapes_of(fewest: int) -> Iterator[None]:
    """Shapes are looked for among so many lines."""
    before, json_shapes._FEWEST = json_shapes._FEWEST, fewest
    try:
        yield
    finally:
        json_shapes._FEWEST = before


@pytest.fixture
def by_itself(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The features that were looked at one by one."""
    found: list[int] = []
    add = Features.add

    def watched(self: Features, text: str, place: Any, rows: Any) -> None:
        found.append(place.row_number)
        add(self, text, place, rows)

    monkeypatch.setattr(Features, "add", watched)
    return found


def test_points_alike_are_taken_at_once(tmp_path: Path, by_itself: list[int]) -> None:
    rows, accounting = rows_of(tmp_path / "a", [feature(f"[114.{n},29.{n}]", f'"{n}"') for n in range(10, 30)])
    assert by_itself == []
    assert accounting.rows_counted == accounting.rows_parsed == 20
    expected = datum.written(*datum.wgs84_of(114.29, 29.29))
    assert [rows[-1][f"c{n}"] for n in range(len(SOURCES))] == [
        *("29", "高德", None),
        *(f"POINT ({expected[0]} {expected[1]})", "Point", *expected, "gcj02", None),
        '{"type":"Point","coordinates":[114.29,29.29]}',
    ]


def test_features_of_one_shape_may_say_different_datums(tmp_path: Path, by_itself: list[int]) -> None:
    said = ['"高德"', '"国家2000"', '""', '"  高德 "'] * 5
    rows, _ = rows_of(tmp_path / "a", [feature(said=each) for each in said])
    assert by_itself == []
    assert [row["c7"] for row in rows[:4]] == ["gcj02", "cgcs2000", "wgs84", "gcj02"]
    assert [row["c5"] == "114.322" for row in rows[:4]] == [False, True, True, False]


@pytest.mark.parametrize(
    ("odd", "defect"),
    [
        pytest.param(feature("[29.841, 114.322]"), None, id="axes swapped"),
        pytest.param(feature("[0, 0]"), "geometry_outside", id="outside"),
        pytest.param(feature("[1.14322e2, 29.841]"), None, id="an exponent"),
        pytest.param(feature(f"[114.{'3' * 40}, 29.841]"), "geometry_invalid", id="too many digits"),
        pytest.param(feature("[114.322, null]"), "geometry_invalid", id="no number"),
        pytest.param(feature('["114.322", 29.841]'), "geometry_invalid", id="a number as text"),
        pytest.param(feature(said='"北京54"'), "datum_unknown", id="no such datum"),
        pytest.param(feature(said="null"), None, id="no datum"),
        pytest.param(feature(said="[]"), "datum_unknown", id="a list for a datum"),
        pytest.param(feature(name='"\\u7532"'), None, id="an escape"),
        pytest.param(feature(name="{}"), None, id="an empty object for a value"),
        pytest.param(feature(name='{"名称": "乙"}'), None, id="an object for a value"),
        pytest.param(feature()[:-1] + ',"bbox":[1, 2]}', None, id="a box"),
        pytest.param(feature()[:-2] + ',"bbox":[]}}', None, id="a member of the geometry"),
        pytest.param(feature()[:-1] + ',"feature.id":1,"id":2}', None, id="two that are one column"),
        pytest.param(feature()[:-1] + ',"名称":"丙"}', None, id="a member named like a property"),
        pytest.param(feature().replace('"Feature"', '"feature"'), "malformed_record", id="no feature"),
        pytest.param(feature().replace("Point", "Points"), "geometry_invalid", id="no such kind"),
        pytest.param(feature("[]"), "geometry_invalid", id="no coordinates"),
        pytest.param(feature(f"[{XIANNING}]").replace("Point", "MultiPoint"), None, id="another kind"),
    ],
)
def test_one_that_differs_is_what_it_is_by_itself(
    tmp_path: Path, by_itself: list[int], odd: str, defect: str | None
) -> None:
    alike = [feature()] * 20
    rows, accounting = rows_of(tmp_path / "a", [*alike, odd, *alike])
    assert by_itself == [21]
    assert rows[20]["_defect"] == defect
    assert {row["_defect"] for row in rows if row["_row_number"] != 21} == {None}
    (alone,), accounting_alone = rows_of(tmp_path / "b", [odd])
    places = {"_row_number": 21, "_byte_offset": rows[20]["_byte_offset"]}
    assert rows[20] == alone | places
    assert [note for note in accounting.notes if "纬度" in note] == accounting_alone.notes


def test_swapped_axes_among_others_are_counted(tmp_path: Path, by_itself: list[int]) -> None:
    rows, accounting = rows_of(tmp_path / "a", [feature(), feature("[29.841, 114.322]")] * 10)
    assert by_itself == list(range(2, 21, 2))
    assert [row["c8"] for row in rows] == [None, SWAPPED] * 10
    assert any("纬度在前的要素 10 个" in note for note in accounting.notes)


def test_a_file_of_what_cannot_be_used_knows_no_names(tmp_path: Path) -> None:
    outside = [feature("[0, 0]")] * 20
    rows, accounting = rows_of(tmp_path / "a", outside, ignore=("备注",))
    with shapes_of(10**9):
        assert (rows, accounting) == rows_of(tmp_path / "a", outside, ignore=("备注",))


NUMBERS = st.one_of(
    st.sampled_from(["114.322", "29.841", "73", "3.0", "136", "54", "-0", "0", "2.98e1", "null", "true", '"1"', "01"]),
    st.floats(70, 140).map(repr),
    st.floats(70, 140).map(lambda x: f"{x:.8f}"),
    st.floats(0, 60).map(lambda x: f"{x:.{30}f}"),
    st.integers(38, 42).map(lambda digits: f"{114 / 10**3:.{digits - 2}f}".replace("0.", "1.")),
)
COORDINATES = st.one_of(
    st.tuples(st.floats(73, 136).map(repr), st.floats(3, 54).map(repr)).map(lambda each: f"[{each[0]}, {each[1]}]"),
    st.lists(NUMBERS, min_size=1, max_size=4).map(lambda each: f"[{','.join(each)}]"),
    st.tuples(st.just(XIANNING[:-1]), NUMBERS).map(lambda each: f"{each[0]},{each[1]}]"),
)
VALUES = st.sampled_from(['"甲"', '""', "1", "-0.5e3", "null", "true", '"}"', '"\\n"', "{}", "[1]", '"高德"'])
SAID = st.sampled_from(['"高德"', '"国家2000"', '""', '" 高德"', "null", "1"])
KEYS = st.sampled_from(
    [("名称", "坐标系"), ("坐标系", "名称"), ("名称", "备注"), ("名称", "geometry.wkt"), ("名称", "名称")]
)
GEOMETRIES = st.one_of(
    COORDINATES.map(lambda each: f'{{"type":"Point","coordinates":{each}}}'),
    COORDINATES.map(lambda each: f'{{"coordinates": {each}, "type": "Point"}}'),
    st.sampled_from(["null", '"Point"', "{}", '{"type":"LineString","coordinates":[[114.1,29.1],[114.2,29.2]]}']),
)
MEMBERS = st.sampled_from(["", '"id":17,', '"id": "a",', '"bbox":[1,2],', '"名称":"乙",', '"备注":"x",', '"id":{},'])
FEATURES = st.builds(
    lambda keys, name, said, geometry, member, space: (
        f'{{"type":{space}"Feature",{member}"properties":{space}{{"{keys[0]}":{name},{space}"{keys[1]}":{said}}},'
        f'"geometry":{space}{geometry}}}'
    ),
    *(KEYS, VALUES, SAID, GEOMETRIES, MEMBERS, st.sampled_from(["", " "])),
)


@settings(max_examples=300)
@given(
    found=st.lists(FEATURES, min_size=1, max_size=4),
    repeated=st.integers(1, 5),
    with_datums=st.booleans(),
    height=st.sampled_from(["", ",25", ",-1.50"]),
)
def test_any_features_are_the_rows_that_each_is_by_itself(
    tmp_path_factory: pytest.TempPathFactory, found: list[str], repeated: int, with_datums: bool, height: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "points.geojson"
    features = [each.replace("]}", f"{height}]}}") for each in [*found * repeated, feature()]]
    options = OPTIONS if with_datums else {"format": "geojson", "datum": "gcj02"}
    changes: dict[str, Any] = {"ignore": ("备注",), "on_unknown_column": "rescue"}
    with shapes_of(2):
        by_shape = rows_of(path, features, options, **changes)
    with shapes_of(10**9):
        assert by_shape == rows_of(path, features, options, **changes)


@given(
    points=st.lists(st.tuples(st.floats(71, 139), st.floats(0, 57)), min_size=1, max_size=5), step=st.floats(0, 1e-3)
)
def test_points_together_are_written_as_each_by_itself(points: list[tuple[float, float]], step: float) -> None:
    many = [(x + n * step, y - n * step) for (x, y), n in itertools.product(points, range(datum._FEWEST))]
    longitudes, latitudes = np.array(many).T
    assert datum.wgs84_written(longitudes, latitudes) == [datum.written(*datum.wgs84_of(*point)) for point in many]


def test_a_digit_that_is_nearly_a_tie_is_that_of_the_point_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if a sine ended otherwise in NumPy than in C."""
    below = next(
        (x, 29.8)
        for x in (114 + n * 1e-7 for n in itertools.count())
        if 0 < 0.5 - datum.wgs84_of(x, 29.8)[0] * 1e8 % 1 < 1e-3
    )
    of_all = datum._wgs84_of_all
    monkeypatch.setattr(datum, "_wgs84_of_all", lambda given: of_all(given) + datum._DOUBT / 2)
    many = np.array([below] * datum._FEWEST).T
    assert set(datum.wgs84_written(*many)) == {datum.written(*datum.wgs84_of(*below))}
