"""The truth about joint supervision."""

from collections import Counter

from tests.e2e.city.answers.figures import Figures, column, counts, percent
from tests.e2e.city.city_rows import CityRows, Row, newest
from tests.e2e.city.true_hits import BEHAVIOURS, INSPECTIONS, TrueHits

ITEMS = "supervision/supervision_item"
OFFICERS = "supervision/enforcement_officer"
OBJECTS = "supervision/supervised_object"
COMPLAINTS = "supervision/complaint"


def supervision_items(rows: CityRows, hits: TrueHits) -> Counter[tuple[str, ...]]:
    return counts(_standing(rows, ITEMS, "supervise_item_code"), column("supervise_dept_code"))


def supervision_items_used(rows: CityRows, hits: TrueHits) -> Figures:
    listed = {_code(row.text["supervise_item_code"]) for row in _standing(rows, ITEMS, "supervise_item_code")}
    used = {_code(row.text["supervise_item_implement_code"]) for row in _behaviours(rows)}
    return {("percent",): 100 * len(listed & used) / len(listed)}


def officers_with_card(rows: CityRows, hits: TrueHits) -> Counter[tuple[str, ...]]:
    officers = _standing(rows, OFFICERS, "执法证号")
    every: Counter[tuple[str, ...]] = Counter({(row.text["部门代码"],): 0 for row in officers})
    valid = (row for row in officers if row.text["证件状态"] == "1" and row.text["有效期至"] >= _day(row))
    every.update(counts(valid, column("部门代码")))
    return every


def risky_objects(rows: CityRows, hits: TrueHits) -> dict[tuple[str, ...], int]:
    objects = _standing(rows, OBJECTS, "object_code")
    risky = [row for row in objects if row.text["object_status"] == "1" and row.text["risk_level"] in {"C", "D"}]
    return {("objects",): len(objects), ("risky",): len(risky)}


def inspections_by_kind(rows: CityRows, hits: TrueHits) -> Counter[tuple[str, ...]]:
    kinds = {"1": "routine", "2": "special", "3": "random", "4": "complaint"}
    made = counts(_behaviours(rows), lambda row: kinds.get(row.text["check_type"], "other"))
    made[("random",)] += len(_drawn(rows))
    return made


def inspections_with_problem(rows: CityRows, hits: TrueHits) -> dict[tuple[str, ...], int]:
    return {
        (INSPECTIONS,): sum(row.text["jcjg"] in {"2", "3", "5", "8"} for row in _drawn(rows)),
        (BEHAVIOURS,): sum(row.text["check_result"] in {"2", "3"} for row in _behaviours(rows)),
    }


def complaints_open(rows: CityRows, hits: TrueHits) -> Counter[tuple[str, ...]]:
    complaints = _standing(rows, COMPLAINTS, "complaint_code")
    is_open = (row for row in complaints if row.text["handle_state"] in {"1", "2"})
    return counts(is_open, lambda row: row.text["handle_dept_code"] or "unknown")


def complaints_satisfied(rows: CityRows, hits: TrueHits) -> Figures:
    rated = (row for row in _standing(rows, COMPLAINTS, "complaint_code") if row.text["satisfaction"])
    return percent(rated, column("complaint_source"), lambda row: row.text["satisfaction"] in {"1", "2", "3"})


def _standing(rows: CityRows, feed: str, key: str) -> list[Row]:
    """Newest rows of each key that were not taken out."""
    known = newest(rows.of(feed), lambda row: _code(row.text[key]), "cd_time")
    return [row for row in known if row.text["cd_operation"] != "d"]


def _behaviours(rows: CityRows) -> list[Row]:
    return _standing(rows, BEHAVIOURS, "check_action_code")


def _drawn(rows: CityRows) -> list[Row]:
    """Random inspections that were made."""
    known = newest(rows.of(INSPECTIONS), lambda row: row.text["ccrwbh"], "gxsj")
    return [row for row in known if row.text["rwzt"] in {"2", "3"} and row.text["jcrq"]]


def _code(text: str) -> str:
    return "".join(sign for sign in text if sign.isalnum())


def _day(row: Row) -> str:
    """Business date by the file's name, yyyymmdd."""
    return next(part[:8] for part in row.place.file.split("_") if part[:8].isdigit())
