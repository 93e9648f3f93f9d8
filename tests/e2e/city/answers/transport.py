"""The truth about transport."""

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal

from tests.e2e.city.answers.figures import Figures, column, counts, means, percent
from tests.e2e.city.city_rows import CityRows, Row, newest
from tests.e2e.city.true_hits import VEHICLES, TrueHits, day_of, moment

TRACKS = "transport/gps_track"
ALARMS = "transport/road_alarm"
_SPEEDING, _DRIFT, _SOON = "00000002", Decimal(160), 1800


def vehicles_in_operation(rows: CityRows, hits: TrueHits) -> Counter[tuple[str, ...]]:
    return counts(_operating(rows), column("operation_type"))


def vehicles_without_terminal(rows: CityRows, hits: TrueHits) -> Counter[tuple[str, ...]]:
    return counts((row for row in _operating(rows) if not row.text["terminal_phone"]), column("operation_type"))


def certificates_to_renew(rows: CityRows, hits: TrueHits) -> Counter[tuple[str, ...]]:
    """The table's newest day is the day of its last change."""
    today = max(_date(row.text["updated_at"][:10]) for row in rows.of(VEHICLES))
    ending = (
        row
        for row in _operating(rows)
        if timedelta(0) <= _date(row.text["certificate_until"]) - today <= timedelta(365)
    )
    every = Counter({kind: 0 for kind in vehicles_in_operation(rows, hits)})
    every.update(counts(ending, column("operation_type")))
    return every


def terminals_by_day(rows: CityRows, hits: TrueHits) -> Counter[tuple[str, ...]]:
    seen = {(row.text["received"][:10], row.text["phone"]) for row in _positions(rows)}
    return Counter((day,) for day, _ in seen)


def speeding_positions(rows: CityRows, hits: TrueHits) -> Figures:
    return percent(_positions(rows), column("received", 10), lambda row: row.text["alarm"] == _SPEEDING)


def drifted_positions(rows: CityRows, hits: TrueHits) -> dict[tuple[str, ...], int]:
    return {("positions",): sum(Decimal(row.text["speed"]) > _DRIFT for row in _positions(rows))}


def alarms_by_type(rows: CityRows, hits: TrueHits) -> Counter[tuple[str, ...]]:
    return counts(_alarms(rows), column("alarm_type"))


def alarms_handled(rows: CityRows, hits: TrueHits) -> Figures:
    return percent(_alarms(rows), column("level"), lambda row: row.text["handled"] == "1")


def minutes_to_handling(rows: CityRows, hits: TrueHits) -> Figures:
    timed = (row for row in _alarms(rows) if row.text["handled"] == "1" and row.text["handled_time"])
    return means(timed, lambda row: "minutes", lambda row: max(_seconds(row), 0) / 60)


def alarms_handled_soon(rows: CityRows, hits: TrueHits) -> Counter[tuple[str, ...]]:
    timed = (row for row in _alarms(rows) if row.text["handled"] == "1" and row.text["handled_time"])
    return counts((row for row in timed if _seconds(row) <= _SOON), column("alarm_type"))


def _operating(rows: CityRows) -> list[Row]:
    known = newest(
        rows.of(VEHICLES), lambda row: (_plate(row.text["plate_number"]), row.text["plate_color"]), "updated_at"
    )
    return [row for row in known if row.text["state_code"] == "10"]


def _positions(rows: CityRows) -> list[Row]:
    return newest(rows.of(TRACKS), lambda row: (row.text["phone"], row.text["time"]), "received")


def _alarms(rows: CityRows) -> list[Row]:
    return newest(rows.of(ALARMS), lambda row: row.text["alarm_id"])


def _seconds(row: Row) -> float:
    return (moment(row.text["handled_time"]) - moment(row.text["end_time"])).total_seconds()


def _date(text: str) -> date:
    return date(*day_of(text)[:3])


def _plate(text: str) -> str:
    return text.replace("·", "").replace(" ", "").upper()
