"""Frames of the polluters' instruments: 59 enterprises, damaged frames with their own reason, some frames twice."""

from collections import Counter

import pytest

from expectations.contract.catalogue import load_feed
from tests.unit.city.city_reading import MadeCity
from tests.unit.intake.formats.decoding_cases import decoded

FEED = "ecology/pollutant_monitor"
Row = dict[str, str | None]


@pytest.fixture
def rows(city: MadeCity) -> list[Row]:
    """All rows, decoded."""
    found: list[Row] = []
    for delivery in city.truth("deliveries"):
        if delivery["feed"] == FEED:
            table, accounting = decoded(city.file(FEED, delivery["file"]), load_feed(FEED))
            assert accounting.rows_counted == delivery["rows"]
            found += table.to_pylist()
    return found


def test_fifty_nine_enterprises_and_some_meters_report(rows: list[Row]) -> None:
    devices = Counter(row["device_number"] for row in rows if row["device_number"])
    whole = {device for device in devices if len(device) == 24}
    assert len({device for device in whole if int(device[8:]) <= 59}) == 59
    assert len(whole) > 59


def test_damaged_frames_have_the_reason_of_the_truth(rows: list[Row], city: MadeCity) -> None:
    planted = Counter(d["reason"] for d in city.truth("defects") if d["feed"] == FEED and d["kind"] != "")
    damaged = Counter(row["_defect"] for row in rows if row["_defect"])
    assert damaged == {reason: planted[reason] for reason in ("frame_crc", "frame_length")}


def test_some_frames_are_sent_twice(rows: list[Row]) -> None:
    frames = Counter((row["device_number"], row["measured_at"], row["factor_code"]) for row in rows)
    assert {count for count in frames.values()} == {1, 2}


def test_both_editions_of_the_protocol_are_on_the_wire(rows: list[Row]) -> None:
    assert {int(row["frame_flag"] or 0) >> 2 for row in rows if row["_defect"] is None} == {1, 2}
