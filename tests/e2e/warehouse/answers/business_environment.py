"""The truth about the business environment."""

from collections import Counter

from tests.e2e.warehouse.city_rows import CityRows, Row, newest
from tests.e2e.warehouse.true_hits import TrueHits, moment

CASES = "government_service/approval_case"


def _decided(rows: CityRows) -> list[Row]:
    cases = newest(rows.of(CASES), lambda row: row.text["case_number"], "updated_at")
    return [row for row in cases if row.text["state_code"] == "10" and row.text["decided_at"]]


def days_to_decision(rows: CityRows, hits: TrueHits) -> dict[tuple[str, ...], float]:
    spans = [moment(row.text["decided_at"]) - moment(row.text["applied_at"]) for row in _decided(rows)]
    return {("days",): sum(span.total_seconds() for span in spans) / 86_400 / len(spans)}


def decided_by_department(rows: CityRows, hits: TrueHits) -> Counter[tuple[str, ...]]:
    return Counter((row.text["department_uscc"] or "unknown",) for row in _decided(rows))


def over_inspected(rows: CityRows, hits: TrueHits) -> Counter[tuple[str, ...]]:
    places = {hit.evidence for hit in hits.over_inspected_firms()}
    inspected = (row for feed in {place.feed for place in places if place} for row in rows.of(feed))
    firms = {row.firm("inspected_firm") or row.firm("party") for row in inspected if row.place in places}
    return Counter({("firms",): len(firms)})
