"""The truth about the population."""

from collections import Counter

from tests.e2e.city.city_rows import CityRows, newest
from tests.e2e.city.true_hits import TrueHits


def residents_by_state(rows: CityRows, hits: TrueHits) -> Counter[tuple[str, ...]]:
    permits = newest(rows.of("public_security/residence_permit"), lambda row: row.text["登记编号"], "变更时间")
    alive = {row.uids["resident", "person"] for row in permits if row.text["变更类型"] != "5" and row.uids}
    registered, dead, moved = (
        set(hits.registered_as("1", "2")),
        set(hits.registered_as("4")),
        set(hits.registered_as("3")),
    )
    floating = alive - registered - dead
    counts = {"registered": registered, "deceased": dead, "moved_away": moved - floating, "floating": floating}
    return Counter({(kind,): len(people) for kind, people in counts.items() if people})


def residents_by_county(rows: CityRows, hits: TrueHits) -> Counter[tuple[str, ...]]:
    return Counter((row.text["户籍地区划"][:6],) for row in hits.registered_as("1", "2").values())
