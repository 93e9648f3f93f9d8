"""The truth about poor households."""

from collections import Counter

from tests.e2e.warehouse.city_rows import CityRows
from tests.e2e.warehouse.true_hits import POOR, TrueHits


def poor_households_with_findings(rows: CityRows, hits: TrueHits) -> Counter[tuple[str, ...]]:
    household = {row.place: row.text["户编号"] for row in rows.of(POOR)}
    found = {(hit.reason, household[hit.subject]) for hit in hits.poverty_households() if hit.subject}
    return Counter((reason,) for reason, _ in found)
