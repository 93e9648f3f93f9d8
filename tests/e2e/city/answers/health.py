"""The truth about health."""

import re
from collections import Counter
from decimal import Decimal

from tests.e2e.city.city_rows import CityRows, Row, newest
from tests.e2e.city.counting import Labels, count, county, latest, number, total
from tests.e2e.city.true_hits import INSURED, SETTLEMENTS, TrueHits

VISITS = "health/outpatient_visit"
_GROUPS = {
    "E": "内分泌、营养和代谢疾病", "G": "神经系统疾病", "H": "眼和附器疾病", "I": "循环系统疾病",
    "J": "呼吸系统疾病", "K": "消化系统疾病", "L": "皮肤和皮下组织疾病", "M": "肌肉骨骼系统和结缔组织疾病",
    "N": "泌尿生殖系统疾病", "O": "妊娠、分娩和产褥期", "S": "损伤、中毒和外因的某些其他后果",
    "Z": "影响健康状态和与保健机构接触的因素",
}  # fmt: skip
"""Chapters of ICD-10 by the letter of the diagnoses that occur."""
EPIDEMIC = "health/epidemic_daily"


def _settled(rows: CityRows) -> list[Row]:
    return newest(rows.of(SETTLEMENTS), lambda row: row.text["setl_id"], "setl_time")


def visits_by_area(rows: CityRows, hits: TrueHits) -> Counter[tuple[str, ...]]:
    counts: Counter[tuple[str, ...]] = Counter()
    for row in _settled(rows):
        insured, treated = row.text["insuplc_admdvs"], row.text["mdtrtarea_admvs"]
        area = "own_county" if insured[:6] == treated[:6] else "other_county"
        if row.text["refd_setl_flag"] == "0":
            counts[(area if treated.startswith("4212") else "outside_city",)] += 1
    return counts


def cost_by_insurance(rows: CityRows, hits: TrueHits) -> dict[tuple[str, ...], Decimal]:
    sums: dict[tuple[str, ...], Decimal] = {}
    for row in _settled(rows):
        key = (row.text["insutype"],)
        sums[key] = sums.get(key, Decimal(0)) + row.amount("medfee_sumamt")
    return sums


def impossible_settlements(rows: CityRows, hits: TrueHits) -> Counter[tuple[str, ...]]:
    return Counter((hit.reason,) for hit in hits.impossible_settlements())


def residents_without_insurance(rows: CityRows, hits: TrueHits) -> Counter[tuple[str, ...]]:
    return Counter((hit.reason,) for hit in hits.insurance_coverage() if hit.reason == "not_insured")


def epidemic_confirmed(rows: CityRows, hits: TrueHits) -> dict[tuple[str, ...], int]:
    found: dict[tuple[str, ...], int] = {}
    for row in rows.of(EPIDEMIC):
        if row.text["cityCode"] == "421200":
            found[(row.text["date"],)] = int(row.text["confirmed"])
    return found


def _visits(rows: CityRows) -> list[Row]:
    return latest(rows.of(VISITS), lambda row: row.text["visit_id"], "visit_time")


def _level(row: Row) -> str:
    code, name = row.text["org_code"], row.text["org_name"]
    if re.fullmatch(r"H\d{11}", code) and code[1:5] != "4212":
        return "outside_city"
    if "卫生院" in name or "社区卫生服务" in name:
        return "primary"
    return "city" if name.startswith("咸宁市") else "county"


def _group(row: Row) -> str:
    code = row.text["diag_code"]
    return _GROUPS[code[0]] if re.match(r"[A-Z]\d\d", code) else "未按ICD-10编码"


def visits_by_level(rows: CityRows, hits: TrueHits) -> Counter[Labels]:
    return count(_visits(rows), _level)


def cost_by_disease(rows: CityRows, hits: TrueHits) -> dict[Labels, float]:
    return total(_visits(rows), _group, lambda row: number(row.text["total_fee"]))


def visits_away_from_home(rows: CityRows, hits: TrueHits) -> Counter[Labels]:
    def is_away(row: Row) -> bool:
        code = row.text["org_code"]
        return bool(re.fullmatch(r"H\d{11}", code)) and county(code[1:7]) != county(row.text["address_division"])

    return count((row for row in _visits(rows) if is_away(row)), lambda row: county(row.text["address_division"]))


def share_of_drugs(rows: CityRows, hits: TrueHits) -> dict[Labels, float]:
    visits = _visits(rows)
    drugs = sum(number(row.text["drug_fee"]) or 0 for row in visits)
    return {("share",): drugs / sum(number(row.text["total_fee"]) or 0 for row in visits)}


def insured_by_county(rows: CityRows, hits: TrueHits) -> Counter[Labels]:
    newest = latest(rows.of(INSURED), lambda row: (row.text["psn_no"], row.text["insutype"]))
    insured = {row.person("insured_person") for row in newest if row.text["psn_insu_stas"] == "1"}
    homes = {person: row.text["户籍地区划"] for person, row in hits.registered_as("1", "2").items()}
    return Counter((county(home),) for person, home in homes.items() if person in insured)
