"""The truth about the city's space."""

from collections import Counter

from tests.e2e.city.city_rows import CityRows
from tests.e2e.city.true_hits import ESTATES, TrueHits


def units_by_county(rows: CityRows, hits: TrueHits) -> Counter[tuple[str, ...]]:
    units = {row.text["BDCDYH"].replace(" ", "") for row in rows.of(ESTATES) if row.text["BDCDYH"]}
    return Counter((unit[:6],) for unit in units)
