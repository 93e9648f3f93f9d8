"""The truth about the population."""

from collections import Counter

from tests.e2e.city.city_rows import CityRows, Row, newest
from tests.e2e.city.true_hits import RESIDENTS, TrueHits

_PERMITS = "public_security/residence_permit"
_FOR_EVER = "9999-12-31"


def residents_by_state(rows: CityRows, hits: TrueHits) -> Counter[tuple[str, ...]]:
    return Counter({(kind,): count for kind, count in _states(rows, _FOR_EVER).items()})


def residents_by_state_on_a_day(rows: CityRows, hits: TrueHits) -> Counter[tuple[str, ...]]:
    days = ("2026-11-02", "2026-11-03")
    return Counter({(day, kind): count for day in days for kind, count in _states(rows, day).items()})


def residents_by_county_on_a_day(rows: CityRows, hits: TrueHits) -> Counter[tuple[str, ...]]:
    registered = [row for row in _registry(rows, "2026-11-03").values() if row.text["变更类型"] in {"1", "2"}]
    return Counter((row.text["户籍地区划"][:6],) for row in registered)


def _registry(rows: CityRows, day: str) -> dict[int | None, Row]:
    """The last change of each resident by the end of a day."""
    changes = [row for row in _until(rows.of(RESIDENTS), day) if row.person("resident") is not None]
    return {row.person("resident"): row for row in newest(changes, lambda row: row.person("resident"), "变更时间")}


def _until(rows: list[Row], day: str) -> list[Row]:
    return [row for row in rows if _digits(row.text["变更时间"])[:8] <= _digits(day)]


def _digits(text: str) -> str:
    return "".join(letter for letter in text if letter.isdigit())


def _states(rows: CityRows, day: str) -> dict[str, int]:
    """How many people are of each kind at the end of a day."""
    registry = _registry(rows, day)
    permits = newest(_until(rows.of(_PERMITS), day), lambda row: row.text["登记编号"], "变更时间")
    permitted = {row.person("resident") for row in permits if row.text["变更类型"] != "5" and row.uids}
    registered, dead, moved = (
        {person for person, row in registry.items() if row.text["变更类型"] in changes} for changes in ("12", "4", "3")
    )
    floating = permitted - registered - dead
    people = {"registered": registered, "deceased": dead, "moved_away": moved - floating, "floating": floating}
    return {kind: len(found) for kind, found in people.items() if found}


def residents_by_county(rows: CityRows, hits: TrueHits) -> Counter[tuple[str, ...]]:
    return Counter((row.text["户籍地区划"][:6],) for row in hits.registered_as("1", "2").values())
