"""Places in three datums and with axes either way: all of them come to one datum, where they were surveyed."""

import json

from expectations.contract.catalogue import load_feed
from tests.unit.city.city_reading import MadeCity
from tests.unit.intake.formats.decoding_cases import decoded

FEED = "natural_resources/place"
DATUMS = {"CGCS2000", "GCJ02", "WGS84"}


def test_the_same_place_is_at_the_same_point_whatever_its_datum(city: MadeCity) -> None:
    (delivery,) = [row for row in city.truth("deliveries") if row["feed"] == FEED]
    path = city.file(FEED, delivery["file"])
    table, _ = decoded(path, load_feed(FEED))
    said = [feature["geometry"]["coordinates"] for feature in json.loads(path.read_text("utf-8"))["features"]]
    shifted = {}
    for row, (first, second) in zip(table.to_pylist(), said, strict=True):
        if row["longitude"] and row["delivered_datum"] in DATUMS:
            shift = abs(float(row["longitude"]) - max(first, second))
            assert (shift > 0.003) == (row["delivered_datum"] == "GCJ02"), row
            shifted[row["delivered_datum"]] = shift
    assert set(shifted) == DATUMS


def test_swapped_axes_are_put_right(city: MadeCity) -> None:
    (delivery,) = [row for row in city.truth("deliveries") if row["feed"] == FEED]
    path = city.file(FEED, delivery["file"])
    swapped = {row for (_, row), defect in city.defects(FEED).items() if defect["kind"] == "latitude_first"}
    features = json.loads(path.read_text("utf-8"))["features"]
    assert swapped
    for row in swapped:
        first, second = features[row - 1]["geometry"]["coordinates"]
        assert first < second
    table, _ = decoded(path, load_feed(FEED))
    for row in table.to_pylist():
        if row["_row_number"] in swapped:
            assert float(row["longitude"]) > 113
