"""The truth about housing."""

from collections import Counter

from tests.e2e.warehouse.city_rows import CityRows, newest
from tests.e2e.warehouse.true_hits import APPLICATIONS, TrueHits


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
