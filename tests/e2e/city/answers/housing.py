"""The truth about housing."""

from collections import Counter

from tests.e2e.city.city_rows import CityRows, Row, newest
from tests.e2e.city.counting import Labels, count, county, day, latest, mean, month, number, total
from tests.e2e.city.true_hits import APPLICATIONS, CONTRACTS, TrueHits

ALLOCATIONS = "housing/affordable_housing_allocation"
_CANCELLED = "3"
_ROOM_PER_HEAD = 16


def applications_with_findings(rows: CityRows, hits: TrueHits) -> Counter[tuple[str, ...]]:
    found = set()
    for row in newest(rows.of(APPLICATIONS), lambda row: row.text["申请编号"]):
        if row.text["审核状态"] not in {"不合格", "退出"}:
            kinds = {each.kind for each in hits.holdings_of(row.person("applicant"))}
            found |= {(kind, row.text["申请编号"]) for kind in kinds}
    return Counter((kind,) for kind, _ in found if kind != "moved_away")


def waiting_by_county(rows: CityRows, hits: TrueHits) -> Counter[tuple[str, ...]]:
    applications = newest(rows.of(APPLICATIONS), lambda row: row.text["申请编号"])
    return Counter((row.text["申请区划"][:6],) for row in applications if row.text["审核状态"] in {"合格", "轮候"})


def _allocations(rows: CityRows) -> list[Row]:
    return latest(rows.of(ALLOCATIONS), lambda row: row.text["配租编号"], "分配日期")


def _sales(rows: CityRows) -> list[Row]:
    contracts = latest(rows.of(CONTRACTS), lambda row: row.text["htbh"], "gxsj")
    return [row for row in contracts if row.text["htzt"] != _CANCELLED]


def _waiting(rows: CityRows) -> list[Row]:
    applications = latest(rows.of(APPLICATIONS), lambda row: row.text["申请编号"])
    return [row for row in applications if row.text["审核状态"] in {"合格", "轮候"}]


def allocated_by_county(rows: CityRows, hits: TrueHits) -> Counter[Labels]:
    return count(_allocations(rows), lambda row: county(row.text["所在区划"]))


def moved_in_by_programme(rows: CityRows, hits: TrueHits) -> Counter[Labels]:
    programmes = {"公租房": "public_rental", "保障性租赁住房": "subsidised_rental", "共有产权住房": "shared_ownership"}
    moved_in = (row for row in _allocations(rows) if row.text["状态"] == "入住")
    return count(moved_in, lambda row: programmes[row.text["保障方式"]])


def days_that_tenants_waited(rows: CityRows, hits: TrueHits) -> dict[Labels, float]:
    waits = (row for row in _allocations(rows) if row.text["轮候起始日"])
    return mean("days", ((day(row.text["分配日期"]) - day(row.text["轮候起始日"])).days for row in waits))


def waiting_short_of_room(rows: CityRows, hits: TrueHits) -> Counter[Labels]:
    def is_short(row: Row) -> bool:
        area = number(row.text["现住房面积"])
        return area is not None and area < _ROOM_PER_HEAD * int(row.text["家庭人数"])

    return count((row for row in _waiting(rows) if is_short(row)), lambda row: county(row.text["申请区划"]))


def sales_by_month(rows: CityRows, hits: TrueHits) -> Counter[Labels]:
    return count(_sales(rows), lambda row: month(row.text["qdrq"]))


def mean_price_by_county(rows: CityRows, hits: TrueHits) -> dict[Labels, float]:
    """Of a square metre."""
    amounts = total(_sales(rows), lambda row: county(row.text["xzqhdm"]), lambda row: number(row.text["zj"]))
    areas = total(_sales(rows), lambda row: county(row.text["xzqhdm"]), lambda row: number(row.text["jzmj"]))
    return {of: amount / areas[of] for of, amount in amounts.items()}
