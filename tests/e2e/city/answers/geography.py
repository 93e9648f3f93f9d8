"""The truth about the city's space."""

import csv
from collections import Counter
from collections.abc import Iterable

from spark_jobs.base.settings import PROJECT
from tests.e2e.city.city_rows import CityRows, Row, newest
from tests.e2e.city.true_hits import ESTATES, TrueHits


def units_by_county(rows: CityRows, hits: TrueHits) -> Counter[tuple[str, ...]]:
    units = {row.text["BDCDYH"].replace(" ", "") for row in rows.of(ESTATES) if row.text["BDCDYH"]}
    return Counter((unit[:6],) for unit in units)


def units_by_kind_of_owner_on_a_day(rows: CityRows, hits: TrueHits) -> Counter[tuple[str, ...]]:
    entered = [row for row in rows.of(ESTATES) if row.text["BDCDYH"] and row.text["DJSJ"][:10] <= "2026-11-03"]
    # A couple are two rows of one registration, at one time.
    units = newest(entered, lambda row: row.text["BDCDYH"].replace(" ", ""), "DJSJ")
    owners = {"1": "person", "2": "organisation"}
    return Counter((row.text["XZQDM"], owners[row.text["QLR/QLRLX"]]) for row in units)


def places_in_use_on_a_day_and_since(rows: CityRows, hits: TrueHits) -> Counter[tuple[str, ...]]:
    surveys = rows.of("natural_resources/place")
    counts: Counter[tuple[str, ...]] = Counter()
    now = {row.text["placeId"]: row.text for row in _last_surveys(surveys)}
    for day in ("2025-06-30", "2026-06-30"):
        for place in _last_surveys(row for row in surveys if row.text["collectedDate"] <= day):
            if place.text["status"] == "1":
                newest_text = now[place.text["placeId"]]
                is_renamed = newest_text["name"] != place.text["name"]
                since = "given_up" if newest_text["status"] == "2" else "renamed" if is_renamed else "as_it_was"
                counts[day, since] += 1
    return counts


def _last_surveys(surveys: Iterable[Row]) -> list[Row]:
    return newest(surveys, lambda row: row.text["placeId"], "collectedDate")


def divisions_by_level_on_a_day(rows: CityRows, hits: TrueHits) -> Counter[tuple[str, ...]]:
    counts: Counter[tuple[str, ...]] = Counter()
    for day in ("1990-06-30", "2018-06-30", "2020-06-30"):
        counts.update((day, "2" if code.endswith("00") else "3") for code in _counties(day[:7].replace("-", "")))
        if day >= "2018":
            counts.update((day, "5" if len(code) == 12 else "4") for code in _below_counties(day[:4]))
    return counts


def _counties(month: str) -> list[str]:
    """Codes of the edition in force."""
    history = _seed("gb2260_history")
    edition = max(row["first_revision"] for row in history if row["first_revision"] <= month)
    there = [row for row in history if row["first_revision"] <= edition <= row["last_revision"]]
    return [row["code"] for row in there if row["code"][:4] in {"4212", "4223"} and row["name"] != "市辖区"]


def _below_counties(year: str) -> set[str]:
    """The newest codes with the changes since that year's release taken back."""
    there = {
        row["code"] for row in _seed("xianning_divisions") if row["authority"] == "NBS" and row["level"] in {"4", "5"}
    }
    for change in reversed(_seed("xianning_division_changes")):
        if change["level"] in {"4", "5"} and change["to_release"] > year and len(change["old_code"]) != 6:
            there.discard(change["new_code"])
            there |= {change["old_code"]} - {""}
    return there


def _seed(name: str) -> list[dict[str, str]]:
    with (PROJECT / "dbt" / "seeds" / f"{name}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))
