"""The truth about the business environment."""

from collections import Counter
from collections.abc import Callable
from decimal import Decimal

from tests.e2e.city.answers.credit import LISTS
from tests.e2e.city.answers.figures import column, percent, sums
from tests.e2e.city.city_rows import CityRows, Row, newest
from tests.e2e.city.true_hits import BEHAVIOURS, ENTERPRISES, INSPECTIONS, TrueHits, day_of, moment

CASES = "government_service/approval_case"
DEALS = "government_service/public_resource_deal"
FINANCING = "finance_office/enterprise_financing"


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
    firms = {row.firm(role) for row in inspected if row.place in places for role in ("inspected_firm", "party")}
    return Counter({("firms",): len(firms - {None})})


def firms_new_by_year(rows: CityRows, hits: TrueHits) -> Counter[tuple[str, ...]]:
    return Counter((str(day_of(row.text["成立日期"])[0]),) for row in _enterprises(rows).values())


def firms_gone_by_industry(rows: CityRows, hits: TrueHits) -> Counter[tuple[str, ...]]:
    firms = _enterprises(rows).values()
    every: Counter[tuple[str, ...]] = Counter({(row.text["行业代码"][:1] or "unknown",): 0 for row in firms})
    gone = (row for row in firms if row.text["登记状态"] in {"注销", "吊销,未注销"})
    every.update((row.text["行业代码"][:1] or "unknown",) for row in gone)
    return every


def inspected_firms_by_year(rows: CityRows, hits: TrueHits) -> Counter[tuple[str, ...]]:
    made = [
        (row.firm("inspected_firm"), row.text["jcrq"][:4])
        for row in newest(rows.of(INSPECTIONS), lambda row: row.text["ccrwbh"], "gxsj")
        if row.text["rwzt"] in {"2", "3"} and row.text["jcrq"]
    ] + [
        (row.firm("party"), row.text["check_date"][:4])
        for row in newest(rows.of(BEHAVIOURS), lambda row: row.text["check_action_code"], "cd_time")
        if row.text["cd_operation"] != "d"
        and row.text["check_type"] not in {"3", "4"}
        and row.text["check_result"] != "4"
    ]
    return Counter((year,) for firm, year in set(made) if firm is not None)


def repaired_entries_of_firms(rows: CityRows, hits: TrueHits) -> Counter[tuple[str, ...]]:
    entries = newest(rows.of(LISTS), lambda row: row.text["listId"], "updateTime")
    repaired = (row for row in entries if row.text["state"] == "2" and row.text["removalReason"] == "2")
    return Counter({("entries",): sum(row.firm("subject") is not None for row in repaired)})


def deals_by_result(rows: CityRows, hits: TrueHits) -> Counter[tuple[str, ...]]:
    return Counter(("awarded" if row.text["结果"] == "1" else "failed",) for row in _deals(rows))


def deals_saved(rows: CityRows, hits: TrueHits) -> dict[tuple[str, ...], float]:
    awarded = [row for row in _deals(rows) if row.text["结果"] == "1"]
    ceilings, prices = (sums(awarded, column("项目/交易类别"), _amount(name)) for name in ("控制价", "中标价"))
    return {kind: float(100 * (ceilings[kind] - prices[kind]) / ceilings[kind]) for kind in ceilings}


def largest_winner(rows: CityRows, hits: TrueHits) -> dict[tuple[str, ...], float]:
    won: dict[str, dict[object, Decimal]] = {}
    for row in _deals(rows):
        if row.text["结果"] == "1":
            of_kind = won.setdefault(row.text["项目/交易类别"], {})
            of_kind[row.firm("winner")] = of_kind.get(row.firm("winner"), Decimal(0)) + row.amount("中标价")
    return {(kind,): float(100 * max(of.values()) / sum(of.values())) for kind, of in won.items()}


def financing_granted(rows: CityRows, hits: TrueHits) -> dict[tuple[str, ...], Decimal]:
    applications = list(_applications(rows))
    none = {(row.text["enterprise.division"][:6],): Decimal(0) for row in applications}
    granted = (row for row in applications if row.text["grantAmount"] and _wan(row, "grant") <= _wan(row, "apply"))
    return none | sums(granted, column("enterprise.division", 6), lambda row: _wan(row, "grant"))


def financing_by_bank(rows: CityRows, hits: TrueHits) -> dict[tuple[str, ...], float]:
    return percent(_applications(rows), column("bank.name"), lambda row: bool(row.text["grantAmount"]))


def _enterprises(rows: CityRows) -> dict[int, Row]:
    known = [row for row in rows.of(ENTERPRISES) if row.firm("enterprise") is not None]
    known.sort(key=lambda row: (day_of(row.text["核准日期"]), row.place.file, row.place.row_number))
    return {row.firm("enterprise") or 0: row for row in known}


def _deals(rows: CityRows) -> list[Row]:
    return newest(rows.of(DEALS), lambda row: row.text["@标段编号"])


def _amount(name: str) -> Callable[[Row], Decimal]:
    return lambda row: row.amount(name)


def _applications(rows: CityRows) -> list[Row]:
    return newest(rows.of(FINANCING), lambda row: row.text["applyNo"], "updateTime")


def _wan(row: Row, which: str) -> Decimal:
    return Decimal(row.text[f"{which}Amount"].replace(",", "").removesuffix("万元"))
