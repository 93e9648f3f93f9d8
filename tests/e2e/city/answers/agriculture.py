"""The truth about farms, land and fishery cases."""

from collections import Counter

from tests.e2e.city.city_rows import CityRows, Row
from tests.e2e.city.counting import Labels, count, county, latest, mean, number, total, when
from tests.e2e.city.true_hits import TrueHits

ENTITIES, CONTRACTS, CASES = (f"agriculture/{name}" for name in ("farm_entity", "land_contract", "fishery_case"))
_ENDED = "2"


def _entities(rows: CityRows) -> list[Row]:
    return latest(rows.of(ENTITIES), lambda row: row.text["主体编号"])


def _contracts(rows: CityRows) -> list[Row]:
    newest = latest(rows.of(CONTRACTS), lambda row: row.text["承包合同代码"], "变更日期")
    return [row for row in newest if row.text["变更类型"] != _ENDED]


def _cases(rows: CityRows) -> list[Row]:
    return latest(rows.of(CASES), lambda row: row.text["case_number"], "updated_at")


def entities_by_kind(rows: CityRows, hits: TrueHits) -> Counter[Labels]:
    return count(_entities(rows), lambda row: row.text["主体类型"])


def sales_by_product(rows: CityRows, hits: TrueHits) -> dict[Labels, float]:
    """Sent in units of ten thousand yuan."""
    return total(
        _entities(rows),
        lambda row: row.text["主营产业"],
        lambda row: (number(row.text["年销售收入(万元)"].removesuffix("万元")) or 0) * 10_000,
    )


def entities_without_credit_code(rows: CityRows, hits: TrueHits) -> Counter[Labels]:
    return count((row for row in _entities(rows) if not row.text["统一社会信用代码"]), lambda row: row.text["主体类型"])


def land_by_county(rows: CityRows, hits: TrueHits) -> dict[Labels, float]:
    return total(
        _contracts(rows), lambda row: county(row.text["区划代码"]), lambda row: number(row.text["实测面积(亩)"])
    )


def contracts_by_kind(rows: CityRows, hits: TrueHits) -> Counter[Labels]:
    return count(_contracts(rows), lambda row: row.text["承包方式"])


def fishery_cases_by_water(rows: CityRows, hits: TrueHits) -> Counter[Labels]:
    return count(_cases(rows), lambda row: row.text["water_area"])


def fines_by_violation(rows: CityRows, hits: TrueHits) -> dict[Labels, float]:
    fined = (row for row in _cases(rows) if row.text["fine_yuan"])
    return total(fined, lambda row: row.text["violation_type"], lambda row: number(row.text["fine_yuan"]))


def days_to_close_fishery_cases(rows: CityRows, hits: TrueHits) -> dict[Labels, float]:
    closed = (row for row in _cases(rows) if row.text["closed_date"])
    return mean("days", ((when(row.text["closed_date"]) - when(row.text["filed_date"])).days for row in closed))
