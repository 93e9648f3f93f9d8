"""The truth about government services."""

from collections import Counter

from tests.e2e.city.answers.figures import Figures, column, counts, percent
from tests.e2e.city.city_rows import CityRows, Row, newest
from tests.e2e.city.true_hits import TrueHits, moment

ITEMS = "government_service/service_item"
EVALUATIONS = "government_service/service_evaluation"
RUNS = "government_service/exchange_task"
USES = "government_service/mobile_usage"
_LATE = 300


def items_by_way(rows: CityRows, hits: TrueHits) -> dict[tuple[str, ...], int]:
    items = _items(rows)
    return {
        ("items",): len(items),
        ("on_the_spot",): sum(row.text["办理方式/办件类型"] == "即办件" for row in items),
        ("online",): sum(row.text["办理方式/是否网办"] == "是" for row in items),
    }


def one_visit_share(rows: CityRows, hits: TrueHits) -> Figures:
    return percent(_items(rows), column("实施主体/行使层级"), lambda row: int(row.text["办理方式/到现场次数"]) <= 1)


def days_cut(rows: CityRows, hits: TrueHits) -> Figures:
    legal, promised = (
        sum(int(row.text[f"办理时限（工作日）/{which}"]) for row in _items(rows)) for which in ("法定", "承诺")
    )
    return {("percent",): 100 * (legal - promised) / legal}


def satisfied_by_channel(rows: CityRows, hits: TrueHits) -> Figures:
    return percent(_evaluations(rows), column("channel"), lambda row: row.text["satisfaction"] in {"3", "4", "5"})


def bad_evaluations_open(rows: CityRows, hits: TrueHits) -> Counter[tuple[str, ...]]:
    bad = [row for row in _evaluations(rows) if row.text["satisfaction"] in {"1", "2"}]
    is_open = (row for row in bad if row.text["rectify.state"] in {"1", "2"})
    return counts(is_open, lambda row: row.text["department.uscc"].strip() or "unknown")


def exchange_runs_by_end(rows: CityRows, hits: TrueHits) -> Counter[tuple[str, ...]]:
    ends = {"2": "successful", "3": "partly_failed", "4": "failed"}
    return counts(_runs(rows), lambda row: ends.get(row.text["state_code"], "unfinished"))


def exchange_runs_late(rows: CityRows, hits: TrueHits) -> Counter[tuple[str, ...]]:
    begun = (row for row in _runs(rows) if row.text["started_at"])
    late = (
        row
        for row in begun
        if (moment(row.text["started_at"]) - moment(row.text["planned_at"])).total_seconds() > _LATE
    )
    return counts(late, column("provider_name"))


def records_exchanged(rows: CityRows, hits: TrueHits) -> dict[tuple[str, ...], int]:
    return {("records",): sum(int(row.text["written_count"] or 0) for row in _runs(rows))}


def mobile_uses(rows: CityRows, hits: TrueHits) -> Counter[tuple[str, ...]]:
    return counts(_uses(rows), column("action"))


def mobile_failures(rows: CityRows, hits: TrueHits) -> Figures:
    return percent(_uses(rows), column("device.platform"), lambda row: row.text["success"] not in {"true", "1"})


def _items(rows: CityRows) -> list[Row]:
    return newest(rows.of(ITEMS), lambda row: row.text["事项/实施编码"].replace(" ", "").upper())


def _evaluations(rows: CityRows) -> list[Row]:
    return newest(rows.of(EVALUATIONS), lambda row: row.text["evaluationId"], "updateTime")


def _runs(rows: CityRows) -> list[Row]:
    return newest(rows.of(RUNS), lambda row: row.text["run_number"], "updated_at")


def _uses(rows: CityRows) -> list[Row]:
    return newest(rows.of(USES), lambda row: row.text["usageId"], "reportTime")
