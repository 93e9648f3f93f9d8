"""Feature collections, with geometries of every shape."""

from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

from expectations.contract.feed import FeedContract
from tests.fuzz.drawing import Delivery, Draw, packed
from tests.fuzz.json_texts import RECORDS, spoilt

OPTIONS: tuple[dict[str, Any], ...] = (
    {"format": "geojson", "datum": "gcj02"},
    {"format": "geojson", "datum": "wgs84", "datum_property": "x", "datum_values": {"1": "gcj02"}},
    {"format": "geojson", "datum": "cgcs2000", "encoding": "gb18030", "compression": "gzip"},
)
_KINDS = st.sampled_from(
    ["Point", "LineString", "Polygon", "MultiPolygon", "MultiPoint", "GeometryCollection", "x", ""]
)
_NUMBERS = st.sampled_from(
    ["114.3", "29.8", "1e400", "-0", "1.1e2", "null", '"1"', "29.80000000000000000000001", "NaN"]
)
_COORDINATES = st.recursive(_NUMBERS, lambda below: st.lists(below, max_size=4).map(lambda x: f"[{','.join(x)}]"))
_GEOMETRIES = st.just("null") | st.builds(
    lambda kind, values: f'{{"type":"{kind}","coordinates":{values},"geometries":[]}}', _KINDS, _COORDINATES
)
_MEMBERS = st.sampled_from(["", '"id":7,', '"bbox":[1],', '"x":1,'])
_FEATURES = st.builds(
    lambda members, properties, geometry: (
        f'{{"type":"Feature",{members}"properties":{properties},"geometry":{geometry}}}'
    ),
    _MEMBERS,
    RECORDS,
    _GEOMETRIES,
)


@st.composite
def deliveries(draw: Draw, contracts: Sequence[FeedContract]) -> Delivery:
    """Feature collections."""
    number = draw(st.integers(0, len(contracts) - 1))
    features = ",".join(draw(st.lists(_FEATURES, max_size=4)))
    return number, packed(
        draw, spoilt(draw, f'{{"type":"FeatureCollection","features":[{features}]}}'), contracts[number].layout
    )


def seeds() -> list[bytes]:
    """A collection, and what is none."""
    point = '{"type":"Point","coordinates":[114.3,29.8]}'
    feature = f'{{"type":"Feature","properties":{{"编号":"1","姓名":"甲"}},"geometry":{point}}}'
    return [f'{{"type":"FeatureCollection","features":[{feature}]}}'.encode(), b"{}"]
