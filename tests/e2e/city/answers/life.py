"""The truth about what a life on one page holds."""

from collections import Counter

from tests.e2e.city.city_rows import CityRows, newest
from tests.e2e.city.counting import Labels
from tests.e2e.city.true_hits import CERTIFICATES, MARRIAGES, TrueHits

PROJECTS = "development_reform/project_filing"
_MARRIAGES = {"1": "married", "2": "divorced"}


def events_by_kind(rows: CityRows, hits: TrueHits) -> Counter[Labels]:
    counts: Counter[Labels] = Counter()
    for row in newest(rows.of(MARRIAGES), lambda row: row.text["登记字号"]):
        if row.text["登记类型"] in _MARRIAGES:
            counts[(_MARRIAGES[row.text["登记类型"]],)] += len(row.uids)
    known = newest(rows.of(CERTIFICATES), lambda row: row.text["certificateID"], "updateTime")
    counts[("certificate",)] = sum(bool(row.uids) for row in known)
    return counts


def projects_of_firms(rows: CityRows, hits: TrueHits) -> Counter[Labels]:
    filed = newest(rows.of(PROJECTS), lambda row: row.text["project_code"], "updated_at")
    counted = [row for row in filed if row.text["state_code"] in {"1", "2", "3"} and row.firm("project_unit")]
    return Counter(((row.text["decided_on"] or row.text["applied_on"])[:4],) for row in counted)
