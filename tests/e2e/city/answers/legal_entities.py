"""The truth about legal entities."""

from collections import Counter, defaultdict

from tests.e2e.city.city_rows import CityRows, Row
from tests.e2e.city.true_hits import ENTERPRISES, TrueHits, day_of

_SHOPS = "market_regulation/individual_business"
_STATES = {"吊销,未注销": "revoked", "吊销": "revoked", "注销": "closed", "迁出": "moved_away"}
_Day = tuple[int, ...]


def enterprises_by_status(rows: CityRows, hits: TrueHits) -> Counter[tuple[str, ...]]:
    known = [row for row in rows.of(ENTERPRISES) if row.firm("enterprise") is not None]
    known.sort(key=lambda row: (day_of(row.text["核准日期"]), row.place.file, row.place.row_number))
    newest = {row.firm("enterprise"): row for row in known}
    return Counter((_STATES.get(row.text["登记状态"], "active"),) for row in newest.values())


def registers_of_shops(rows: CityRows, hits: TrueHits) -> Counter[tuple[str, ...]]:
    shops = {row.firm("individual_business") for row in rows.of(_SHOPS)} - {None}
    return Counter({("shops",): len(shops)})


def registered_firms_on_a_day(rows: CityRows, hits: TrueHits) -> Counter[tuple[str, ...]]:
    enterprises = _told(rows.of(ENTERPRISES), "enterprise")
    shops = _told(rows.of(_SHOPS), "individual_business")
    counts: Counter[tuple[str, ...]] = Counter()
    for day in ((2020, 3, 31), (2026, 11, 3)):
        for firm in enterprises.keys() | shops.keys():
            state = _on(day, enterprises.get(firm, [])) or _on(day, shops.get(firm, []))
            if state:
                counts["{}-{:02}-{:02}".format(*day), state] += 1
    return counts


def _told(rows: list[Row], role: str) -> dict[int, list[tuple[_Day, str]]]:
    """Of each firm the days of its changes with the state from then on: active from its establishment on."""
    found: dict[int, list[tuple[_Day, str]]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: (_changed(row), row.place.file, row.place.row_number)):
        firm = row.firm(role)
        if firm is not None:
            began = day_of(row.text.get("成立日期") or row.text["注册日期"])
            if not found[firm] and began < _changed(row):
                found[firm].append((began, "active"))
            found[firm].append((_changed(row), _STATES.get(row.text["登记状态"], "active")))
    return found


def _changed(row: Row) -> _Day:
    """Day of approval, or of the delivery where the register has none."""
    if "核准日期" in row.text:
        return day_of(row.text["核准日期"])
    date = row.place.file.removeprefix("individual_business_")[:8]
    return int(date[:4]), int(date[4:6]), int(date[6:])


def _on(day: _Day, changes: list[tuple[_Day, str]]) -> str | None:
    return next((state for since, state in reversed(changes) if since <= day), None)
