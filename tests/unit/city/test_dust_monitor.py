"""Frames of the dust monitors: both editions of HJ 212, some damaged on the way, some sent late."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from expectations.contract.catalogue import load_feed
from spark_jobs.base.settings import CITY_TIME
from tests.unit.city.city_reading import MadeCity
from tests.unit.intake.formats.decoding_cases import decoded

FEED = "urban_management/dust_monitor"
OF_FRAMES = {"frame_crc", "frame_length"}

Row = dict[str, Any]


@pytest.fixture
def rows(city: MadeCity) -> list[Row]:
    """What intake finds in all files, with the defect of each row."""
    found: list[Row] = []
    for delivery in city.truth("deliveries"):
        if delivery["feed"] == FEED:
            table, accounting = decoded(city.file(FEED, delivery["file"]), load_feed(FEED))
            assert accounting.rows_counted == delivery["rows"]
            defects = city.defects(FEED)
            found += [
                {**row, "planted": defects.get((delivery["file"], row["_row_number"]))} for row in table.to_pylist()
            ]
    return found


def test_frames_that_cannot_be_trusted_are_those_of_the_truth(rows: list[Row]) -> None:
    planted = [row["planted"]["reason"] if row["planted"] else None for row in rows]
    assert [row["_defect"] for row in rows] == [reason if reason in OF_FRAMES else None for reason in planted]
    assert set(planted) >= OF_FRAMES


def test_frames_of_both_editions_come_side_by_side(rows: list[Row]) -> None:
    assert {int(row["flag"]) >> 2 for row in rows if not row["planted"]} == {1, 2}


def test_finer_dust_is_less_but_where_truth_says_otherwise(rows: list[Row]) -> None:
    clean = [row for row in rows if not row["planted"]]
    assert clean
    assert all(float(row["pm25"]) < float(row["pm10"]) < float(row["tsp"]) for row in clean)


def test_some_frames_are_sent_hours_late(rows: list[Row]) -> None:
    waits = [hour_of(row["request_number"]) - hour_of(row["hour_began_at"]) for row in rows if not row["planted"]]
    assert min(waits) == timedelta(hours=1)
    assert 0 < sum(wait > timedelta(hours=1) for wait in waits) < len(waits) / 10


def hour_of(text: str) -> datetime:
    """The hour that a moment of the protocol is in."""
    return datetime.strptime(text[:10], "%Y%m%d%H").replace(tzinfo=CITY_TIME)
