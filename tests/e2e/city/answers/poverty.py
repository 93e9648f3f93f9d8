"""The truth about poor households."""

from collections import Counter

from tests.e2e.city.city_rows import CityRows, Row
from tests.e2e.city.counting import Labels, count, county, latest, mean, number
from tests.e2e.city.true_hits import POOR, TrueHits


def poor_households_with_findings(rows: CityRows, hits: TrueHits) -> Counter[tuple[str, ...]]:
    household = {row.place: row.text["户编号"] for row in rows.of(POOR)}
    found = {(hit.reason, household[hit.subject]) for hit in hits.poverty_households() if hit.subject}
    return Counter((reason,) for reason, _ in found)


def _members(rows: CityRows) -> list[Row]:
    return latest(rows.of(POOR), lambda row: (row.text["户编号"], row.person("member") or row.text["证件号码"]))


def _households(rows: CityRows) -> list[Row]:
    """The newest row of each."""
    return latest(rows.of(POOR), lambda row: row.text["户编号"])


def households_by_state(rows: CityRows, hits: TrueHits) -> Counter[Labels]:
    return count(_households(rows), lambda row: row.text["脱贫状态"])


def households_by_cause(rows: CityRows, hits: TrueHits) -> Counter[Labels]:
    return count(_households(rows), lambda row: row.text["主要致贫原因"])


def poor_members_by_county(rows: CityRows, hits: TrueHits) -> Counter[Labels]:
    county_of = {row.text["户编号"]: county(row.text["区划代码"]) for row in _households(rows)}
    return count(_members(rows), lambda row: county_of[row.text["户编号"]])


def households_below_the_line(rows: CityRows, hits: TrueHits) -> Counter[Labels]:
    below = (row for row in _households(rows) if (number(row.text["人均纯收入(元)"]) or 0) < 6000)
    return count(below, lambda row: row.text["脱贫状态"])


def poor_without_insurance(rows: CityRows, hits: TrueHits) -> Counter[Labels]:
    without = sum(row.text["是否参加医保"] == "否" for row in _members(rows))
    return Counter({("members",): without})


def poor_households_without_work(rows: CityRows, hits: TrueHits) -> Counter[Labels]:
    working = {row.text["户编号"] for row in _members(rows) if (number(row.text["务工月数"]) or 0) > 0}
    return Counter({("households",): len({row.text["户编号"] for row in _members(rows)} - working)})


def income_of_poor_households(rows: CityRows, hits: TrueHits) -> dict[Labels, float]:
    return mean("yuan", (number(row.text["人均纯收入(元)"]) for row in _households(rows)))
