"""The truth about social credit."""

from collections import Counter

from tests.e2e.city.city_rows import CityRows, newest
from tests.e2e.city.true_hits import TrueHits

LISTS = "development_reform/credit_list"
_DECISIONS = {
    "permit": (
        "XK_WSH",
        {"development_reform/credit_permit": "XK_XKJG", "development_reform/credit_permit_v1": "XK_XZJG"},
    ),
    "penalty": (
        "CF_WSH",
        {"development_reform/credit_penalty": "CF_CFJG", "development_reform/credit_penalty_v1": "CF_XZJG"},
    ),
}
_PARTY = {"XK": ("XK_XDR_MC", "XK_XDR"), "CF": ("CF_XDR_MC",)}
_KINDS = {"1": "red_list", "2": "black_list", "3": "watch_list"}


def credit_records_by_kind(rows: CityRows, hits: TrueHits) -> Counter[tuple[str, ...]]:
    counts: Counter[tuple[str, ...]] = Counter()
    for kind, (number, authorities) in _DECISIONS.items():
        decisions = set()
        for feed, authority in authorities.items():
            for row in rows.of(feed):
                party = next(row.text[name] for name in _PARTY[number[:2]] if name in row.text)
                decisions.add((row.text[authority], row.text[number], party.replace(" ", "")))
        counts[kind, "False"] = len(decisions)
    for row in newest(rows.of(LISTS), lambda row: row.text["listId"], "updateTime"):
        is_repaired = row.text["state"] == "2" and row.text["removalReason"] == "2"
        counts[_KINDS[row.text["listType"]], str(is_repaired)] += 1
    return counts


def credit_subjects_on_black_list(rows: CityRows, hits: TrueHits) -> Counter[tuple[str, ...]]:
    entries = newest(rows.of(LISTS), lambda row: row.text["listId"], "updateTime")
    today = max(row.text["updateTime"][:10] for row in entries)
    listed = [row for row in entries if row.text["listType"] == "2" and row.text["state"] == "1"]
    in_force = [row for row in listed if not row.text["validUntil"] or row.text["validUntil"] >= today]
    subjects = {frozenset(row.uids.items()) for row in in_force if row.uids}
    return Counter({("subjects",): len(subjects)})


def subjects_on_black_list_on_a_day(rows: CityRows, hits: TrueHits) -> Counter[tuple[str, ...]]:
    entries = newest(rows.of(LISTS), lambda row: row.text["listId"], "updateTime")
    counts: Counter[tuple[str, ...]] = Counter()
    for day in ("2026-06-30", "2026-11-03"):
        held = [row for row in entries if row.text["listType"] == "2" and row.text["listedOn"] <= day]
        # Nothing that runs out has run out by then: entries are valid for a year at least.
        standing = [row for row in held if not row.text["removedOn"] or row.text["removedOn"] > day]
        subjects = {who for row in standing for who in row.uids.items()}
        counts.update((day, kind) for (_, kind), _ in subjects)
    return counts
