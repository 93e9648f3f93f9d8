"""The truth about legal entities."""

from collections import Counter

from tests.e2e.city.city_rows import CityRows
from tests.e2e.city.true_hits import ENTERPRISES, TrueHits, day_of

_STATES = {"吊销,未注销": "revoked", "注销": "closed", "迁出": "moved_away"}


def enterprises_by_status(rows: CityRows, hits: TrueHits) -> Counter[tuple[str, ...]]:
    known = [row for row in rows.of(ENTERPRISES) if row.firm("enterprise") is not None]
    known.sort(key=lambda row: (day_of(row.text["核准日期"]), row.place.file, row.place.row_number))
    newest = {row.firm("enterprise"): row for row in known}
    return Counter((_STATES.get(row.text["登记状态"], "active"),) for row in newest.values())


def registers_of_shops(rows: CityRows, hits: TrueHits) -> Counter[tuple[str, ...]]:
    shops = {row.firm("individual_business") for row in rows.of("market_regulation/individual_business")} - {None}
    return Counter({("shops",): len(shops)})
