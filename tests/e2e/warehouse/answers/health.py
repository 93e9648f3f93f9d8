"""The truth about health."""

from collections import Counter
from decimal import Decimal

from tests.e2e.warehouse.city_rows import CityRows, Row, newest
from tests.e2e.warehouse.true_hits import SETTLEMENTS, TrueHits

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
