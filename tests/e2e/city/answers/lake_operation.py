"""The truth about what the lake was sent and what it sent back."""

from collections import Counter

from expectations.contract.catalogue import load_feed
from tests.e2e.city.city_rows import CityRows
from tests.e2e.city.counting import Labels
from tests.e2e.city.true_hits import TrueHits


def _by_agency(rows: CityRows, figure: str) -> Counter[Labels]:
    counts: Counter[Labels] = Counter()
    for delivery in rows.truth("deliveries"):
        counts[(load_feed(delivery["feed"]).agency,)] += delivery[figure]
    return counts


def rows_sent_by_agency(rows: CityRows, hits: TrueHits) -> Counter[Labels]:
    return _by_agency(rows, "rows")


def rows_sent_back_by_agency(rows: CityRows, hits: TrueHits) -> Counter[Labels]:
    return +_by_agency(rows, "quarantined")


def rows_accepted_by_feed(rows: CityRows, hits: TrueHits) -> Counter[Labels]:
    counts: Counter[Labels] = Counter()
    for delivery in rows.truth("deliveries"):
        counts[(delivery["feed"],)] += delivery["accepted"]
    return counts


def share_accepted(rows: CityRows, hits: TrueHits) -> dict[Labels, float]:
    deliveries = rows.truth("deliveries")
    return {("share",): sum(each["accepted"] for each in deliveries) / sum(each["rows"] for each in deliveries)}


def rows_with_wrong_divisions(rows: CityRows, hits: TrueHits) -> Counter[Labels]:
    defects = (defect for defect in rows.truth("defects") if defect["outcome"] == "reject")
    reasons = (defect["reason"] for defect in defects)
    return Counter((reason,) for reason in reasons if reason in {"division_code_shape", "division_code_unknown"})


def files_by_agency(rows: CityRows, hits: TrueHits) -> Counter[Labels]:
    contracts = (load_feed(each["feed"]) for each in rows.truth("deliveries"))
    return Counter((contract.agency,) for contract in contracts if contract.arrival.yields == "files")
