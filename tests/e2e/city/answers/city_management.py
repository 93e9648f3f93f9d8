"""The truth about city management."""

from collections import Counter
from decimal import Decimal

from tests.e2e.city.answers.figures import Figures, column, counts, means, percent, sums
from tests.e2e.city.city_rows import CityRows, Row, newest
from tests.e2e.city.true_hits import TrueHits, moment

CASES = "urban_management/city_case"
TRIPS = "urban_management/muck_truck"
DUST = "urban_management/dust_monitor"


def cases_by_class(rows: CityRows, hits: TrueHits) -> Counter[tuple[str, ...]]:
    return counts(_cases(rows), lambda row: row.text["category_name"] or "unknown")


def cases_overdue(rows: CityRows, hits: TrueHits) -> Figures:
    closed = (row for row in _cases(rows) if row.text["state_code"] == "60")
    return percent(closed, column("responsible_department"), lambda row: row.text["is_overdue"] == "1")


def cases_open(rows: CityRows, hits: TrueHits) -> Counter[tuple[str, ...]]:
    is_open = (row for row in _cases(rows) if row.text["state_code"] not in {"60", "90"})
    return counts(is_open, column("division_code", 6))


def hours_to_close(rows: CityRows, hits: TrueHits) -> Figures:
    timed = (row for row in _cases(rows) if row.text["state_code"] == "60" and row.text["closed_at"])
    return means((row for row in timed if row.text["filed_at"]), column("source_type"), _hours)


def muck_violations(rows: CityRows, hits: TrueHits) -> Counter[tuple[str, ...]]:
    return counts((row for row in _trips(rows) if row.text["违规情形"] != "0"), column("违规情形"))


def muck_tonnes(rows: CityRows, hits: TrueHits) -> dict[tuple[str, ...], Decimal]:
    return sums(_trips(rows), lambda row: _known(row.text["消纳场"]), lambda row: Decimal(row.text["净重(吨)"]))


def dust_hours(rows: CityRows, hits: TrueHits) -> Figures:
    return percent(_hours_of_dust(rows), column("CP.DataTime", 8), _is_sound)


def dust_highest(rows: CityRows, hits: TrueHits) -> dict[tuple[str, ...], Decimal]:
    found: dict[tuple[str, ...], Decimal] = {}
    for row in filter(_is_sound, _hours_of_dust(rows)):
        day, value = (row.text["CP.DataTime"][:8],), Decimal(row.text["a34002-Avg"])
        found[day] = max(value, found.get(day, value))
    return found


def _cases(rows: CityRows) -> list[Row]:
    return newest(rows.of(CASES), lambda row: row.text["task_number"], "updated_at")


def _trips(rows: CityRows) -> list[Row]:
    return newest(rows.of(TRIPS), lambda row: row.text["趟次编号"])


def _known(dump: str) -> str:
    """A dump that nobody registered is none."""
    return "unknown" if dump in {"", "未登记"} else dump


def _hours_of_dust(rows: CityRows) -> list[Row]:
    known = newest(rows.of(DUST), lambda row: (row.text["MN"], row.text["CN"], row.text["CP.DataTime"]), "QN")
    return [row for row in known if row.text["CN"] == "2061"]


def _is_sound(row: Row) -> bool:
    return row.text["a34002-Flag"] == "N" and Decimal(row.text["a34002-Avg"]) <= Decimal(row.text["a34001-Avg"])


def _hours(row: Row) -> float:
    return (moment(row.text["closed_at"]) - moment(row.text["filed_at"])).total_seconds() / 3600
