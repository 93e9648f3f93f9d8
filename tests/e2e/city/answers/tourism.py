"""The truth about visitors and complaints."""

from collections import Counter, defaultdict

from tests.e2e.city.city_rows import CityRows, Row
from tests.e2e.city.counting import Labels, count, county, latest, mean, number, seconds, total
from tests.e2e.city.true_hits import TrueHits

SPOTS, FLOWS, COMPLAINTS = (f"culture_tourism/{name}" for name in ("scenic_spot", "visitor_flow", "tourism_complaint"))
_CROWDED = 0.8
"""Of what a spot carries at once (LB/T 034-2014)."""


def _flows(rows: CityRows) -> list[Row]:
    return latest(rows.of(FLOWS), lambda row: (row.text["spotCode"], row.text["hour"]), "reportTime")


def _spot(row: Row) -> str:
    return row.text["spotCode"].split("-")[0]


def _complaints(rows: CityRows) -> list[Row]:
    return latest(rows.of(COMPLAINTS), lambda row: row.text["投诉编号"])


def visitors_by_spot(rows: CityRows, hits: TrueHits) -> dict[Labels, float]:
    return total(_flows(rows), _spot, lambda row: float(row.text["in"]))


def visitors_by_county(rows: CityRows, hits: TrueHits) -> dict[Labels, float]:
    spots = latest(rows.of(SPOTS), _spot, "updateTime")
    counties = {_spot(row): county(row.text["division"]) for row in spots}
    return total(_flows(rows), lambda row: str(counties.get(_spot(row))), lambda row: float(row.text["in"]))


def crowded_hours_of_spots(rows: CityRows, hits: TrueHits) -> Counter[Labels]:
    present: dict[tuple[str, str], int] = defaultdict(int)
    capacity: dict[tuple[str, str], int] = defaultdict(int)
    for row in _flows(rows):
        hour = _spot(row), row.text["hour"]
        present[hour] = max(present[hour], int(row.text["inPark"]))
        capacity[hour] = max(capacity[hour], int(row.text["capacity"] or 0))
    return Counter(
        (spot,) for (spot, hour), most in capacity.items() if most and present[(spot, hour)] >= _CROWDED * most
    )


def hours_without_counter(rows: CityRows, hits: TrueHits) -> Counter[Labels]:
    offline = {(_spot(row), row.text["hour"]) for row in _flows(rows) if row.text["device.online"] == "false"}
    return Counter({("hours",): len(offline)})


def complaints_by_reason(rows: CityRows, hits: TrueHits) -> Counter[Labels]:
    return count(_complaints(rows), lambda row: row.text["投诉事由"])


def complaints_by_county(rows: CityRows, hits: TrueHits) -> Counter[Labels]:
    return count(_complaints(rows), lambda row: county(row.text["发生地区划"]))


def days_to_settle_complaints(rows: CityRows, hits: TrueHits) -> dict[Labels, float]:
    spans = (seconds(row, "投诉时间", "办结时间") for row in _complaints(rows))
    return mean("days", (None if span is None else span / 86_400 for span in spans))


def satisfaction_of_complainants(rows: CityRows, hits: TrueHits) -> dict[Labels, float]:
    return mean("stars", (number(row.text["满意度"].replace("未回访", "")) for row in _complaints(rows)))
