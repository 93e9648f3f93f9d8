"""The truth about the care of elders and about communities."""

from collections import Counter
from datetime import timedelta

from tests.e2e.city.city_rows import CityRows, Row
from tests.e2e.city.counting import Labels, count, county, latest, mean, number, seconds, total, when
from tests.e2e.city.true_hits import TrueHits

PROFILES, ORDERS, MATTERS = (
    f"civil_affairs/{name}" for name in ("elderly_profile", "elderly_service_order", "community_service")
)
_DONE, _CLOSED, _PENDING = "4", "2", {"0", "1"}
_OF_LATE = timedelta(days=90)


def _elders(rows: CityRows) -> list[Row]:
    profiles = latest(rows.of(PROFILES), lambda row: row.text["elderId"], "updatedAt")
    return [row for row in profiles if row.text["state"] == "1"]


def _orders(rows: CityRows) -> list[Row]:
    return latest(rows.of(ORDERS), lambda row: row.text["orderId"], "updatedAt")


def _matters(rows: CityRows) -> list[Row]:
    return latest(rows.of(MATTERS), lambda row: row.text["matterId"], "modifiedAt")


def _county_of_elder(row: Row) -> str:
    return county(row.text["residence.divisionCode"])


def elders_by_county(rows: CityRows, hits: TrueHits) -> Counter[Labels]:
    return count(_elders(rows), _county_of_elder)


def elders_living_alone(rows: CityRows, hits: TrueHits) -> Counter[Labels]:
    return count((row for row in _elders(rows) if row.text["residence.living"] == "1"), _county_of_elder)


def elders_by_ability(rows: CityRows, hits: TrueHits) -> Counter[Labels]:
    return count(_elders(rows), lambda row: row.text["health.abilityLevel"] or "未评估")


def chronic_without_service(rows: CityRows, hits: TrueHits) -> Counter[Labels]:
    done = [row for row in _orders(rows) if row.text["state"] == _DONE]
    today = max(when(row.text["updatedAt"]) for row in rows.of(PROFILES))
    recent = [row for row in done if when(row.text["finishedAt"]) >= today - _OF_LATE]
    numbers, persons = {row.text["elder.id"] for row in recent}, {row.person("elder") for row in recent}
    ill = (row for row in _elders(rows) if row.text["health.chronicDiseases"] not in {"", "[]"})
    alone = (row for row in ill if row.text["elderId"] not in numbers and row.person("elder") not in persons)
    return Counter({("elders",): sum(1 for _ in alone)})


def orders_by_service(rows: CityRows, hits: TrueHits) -> Counter[Labels]:
    return count(_orders(rows), lambda row: row.text["service.type"])


def minutes_until_service(rows: CityRows, hits: TrueHits) -> dict[Labels, float]:
    spans = (seconds(row, "orderedAt", "startedAt") for row in _orders(rows))
    return mean("minutes", (None if span is None else span / 60 for span in spans))


def subsidies_of_services(rows: CityRows, hits: TrueHits) -> dict[Labels, float]:
    return total(_orders(rows), lambda row: row.text["service.type"], lambda row: number(row.text["fee.subsidy"]))


def matters_by_category(rows: CityRows, hits: TrueHits) -> Counter[Labels]:
    return count(_matters(rows), lambda row: row.text["category"])


def matters_pending_by_county(rows: CityRows, hits: TrueHits) -> Counter[Labels]:
    pending = (row for row in _matters(rows) if row.text["state"] in _PENDING)
    return count(pending, lambda row: county(row.text["community.code"]))


def hours_to_close_matters(rows: CityRows, hits: TrueHits) -> dict[Labels, float]:
    closed = (row for row in _matters(rows) if row.text["state"] == _CLOSED)
    spans = (seconds(row, "reportedAt", "closedAt") for row in closed)
    return mean("hours", (None if span is None else span / 3600 for span in spans))
