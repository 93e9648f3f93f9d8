"""Which rows are accepted, which go to quarantine, and what is said of each."""

from collections.abc import Callable
from typing import Any

import pytest
from pyspark.sql import SparkSession

from expectations.contract.feed import FeedContract
from spark_jobs.refine.code_lists import known_codes
from spark_jobs.refine.conform import conform
from spark_jobs.refine.history import silver_rows
from spark_jobs.refine.quarantine import quarantine_rows
from spark_jobs.refine.screen import screen
from spark_jobs.refine.tally import judge, read_tallies, tally
from tests.spark.refine.frames import bronze_frame, column, contract_of, pulled

ROWS: list[dict[str, str | None]] = [
    {"name": "一", "amount": "1", "phone": "13812345678"},
    {"name": "二 ", "amount": "-1", "phone": "1"},
    {"name": "三", "amount": "x", "phone": None},
    {"name": None, "amount": "5000", "phone": None},
    {"name": "五", "amount": None, "phone": None},
    {"_defect": "too_few_fields", "_raw": "六|"},
    {"name": "七", "amount": "200", "phone": None},
]


def rule(name: str, sql: str, severity: str, field: str | None = "amount") -> dict[str, Any]:
    return {"name": name, "sql": sql, "severity": severity, "message": f"{name}的说明", "fix": "请改正", "field": field}


def contract(of: Callable[..., FeedContract] = contract_of, **checks: Any) -> FeedContract:
    return of(
        column("name", "string", source="名称", required=True),
        column("amount", "amount", source="金额", unit="yuan"),
        column("phone", "mobile", source="电话"),
        rules=[
            rule("amount_is_positive", "amount > 0", "reject"),
            rule("amount_is_small", "amount is null or amount < 100", "warn"),
            rule("amount_is_sane", "amount is null or amount < 1000", "halt"),
        ],
        checks={"rows": {"min": 0, "max": 1000}} | checks,
    )


@pytest.fixture(scope="module")
def results(spark: SparkSession) -> dict[str, Any]:
    feed = contract(
        max_rejected_share=1.0, totals=[{"name": "sum", "sql": "sum(amount)", "max": 10, "message": "合计"}]
    )
    frame = screen(conform(bronze_frame(spark, feed, ROWS), feed, known_codes(frozenset())), feed)
    return {
        "silver": {row["_row_number"]: row.asDict() for row in silver_rows(frame, feed).collect()},
        "quarantine": {
            row["_row_number"]: row.asDict(recursive=True) for row in quarantine_rows(frame, feed).collect()
        },
        "tally": read_tallies(tally(frame, feed).collect())[1],
        "contract": feed,
    }


def rules_of(results: dict[str, Any], row: int) -> list[str]:
    return [breach["rule"] for breach in results["quarantine"][row]["breaches"]]


def test_each_row_is_in_exactly_one_table(results: dict[str, Any]) -> None:
    assert set(results["silver"]) == {2, 8}
    assert set(results["quarantine"]) == {3, 4, 5, 6, 7}


def test_a_rule_that_is_false_or_null_is_broken(results: dict[str, Any]) -> None:
    assert rules_of(results, 3) == ["amount_is_positive"]
    assert rules_of(results, 6) == ["amount_is_positive"]


def test_a_rule_does_not_repeat_what_its_field_has_already_broken(results: dict[str, Any]) -> None:
    assert rules_of(results, 4) == ["amount_format"]


def test_a_row_that_could_not_be_parted_has_that_reason_alone(results: dict[str, Any]) -> None:
    assert rules_of(results, 7) == ["too_few_fields"]
    assert results["quarantine"][7]["_raw"] == "六|"
    assert results["quarantine"][7]["breaches"][0]["field"] is None


NO_RECORDS: list[dict[str, str | None]] = [
    {"name": "合计", "amount": "x"},
    {"name": "　总　计：", "amount": "-1"},
    {"name": None, "amount": "小计 5"},
    {"name": "填表人：某某", "amount": "审核人：某某"},
    {"name": "单位负责人：某某", "amount": "x"},
    {"name": "填报人（签字）：", "amount": "x"},
    {"name": "全市合计", "amount": "x"},
    {"name": "注：不含个体", "amount": "x"},
    {"_defect": "too_few_fields", "_raw": "合计,5"},
]
RECORDS: list[dict[str, str | None]] = [
    {"name": "合计", "amount": "5"},
    {"name": "合计量表", "amount": "x"},
    {"name": "统计员", "amount": "x"},
    {"name": "负责人", "amount": "x"},
    {"_defect": "too_few_fields", "_raw": "总计量,5"},
]


def test_a_rejected_row_that_sums_up_or_signs_is_told_to_be_no_record(spark: SparkSession) -> None:
    feed = contract()
    frame = screen(conform(bronze_frame(spark, feed, NO_RECORDS + RECORDS), feed, known_codes(frozenset())), feed)
    held = quarantine_rows(frame, feed).orderBy("_row_number").collect()
    reasons = [[breach["rule"] for breach in row["breaches"]] for row in held]
    assert [each[0] for each in reasons[: len(NO_RECORDS)]] == ["no_record"] * len(NO_RECORDS)
    assert all(len(each) > 1 for each in reasons[: len(NO_RECORDS)]), "what else is wrong is said as well"
    assert reasons[len(NO_RECORDS) :] == [["amount_format"]] * 3 + [["too_few_fields"]]
    assert [row["name"] for row in silver_rows(frame, feed).collect()] == ["合计"], "who knows what a good row may say"


def test_quarantine_says_what_was_wrong_where_and_what_to_do(results: dict[str, Any]) -> None:
    row = results["quarantine"][4]
    assert row["breaches"] == [
        {
            "rule": "amount_format",
            "field": "amount",
            "value": "x",
            "message": "不是金额，或小数超过两位",
            "fix": "请填写数字，例如 1234.50；没有金额时留空",
        }
    ]
    assert row["record"] == {"名称": "三", "金额": "x", "电话": None}
    assert (row["_byte_offset"], row["_byte_length"]) == (400, 100)


def test_warnings_and_notes_stay_with_the_accepted_row(results: dict[str, Any]) -> None:
    assert results["silver"][8]["_warnings"] == ["amount_is_small"]
    assert results["silver"][2]["_warnings"] == []


def test_everything_is_counted(results: dict[str, Any]) -> None:
    counts = results["tally"]
    assert (counts.rows, counts.accepted, counts.quarantined) == (7, 2, 5)
    assert counts.reasons == {
        "amount_is_positive": 2,
        "amount_format": 1,
        "missing_value": 1,
        "too_few_fields": 1,
    }
    assert counts.warnings == {"amount_is_small": 1}
    assert counts.notes == {}
    assert counts.halts == {"amount_is_sane": 1}
    assert counts.totals == {"sum": 201.0}


def test_a_halt_rule_stops_the_delivery(results: dict[str, Any]) -> None:
    verdict = judge(results["tally"], results["contract"])
    assert verdict is not None
    assert (verdict.code, verdict.details["rule"]) == ("rule_halt", "amount_is_sane")


def test_a_halt_rule_sends_a_row_of_a_pull_to_quarantine_and_stops_no_other(spark: SparkSession) -> None:
    feed = contract(pulled)
    frame = screen(conform(bronze_frame(spark, feed, [*ROWS, ROWS[0]]), feed, known_codes(frozenset())), feed)
    counts = read_tallies(tally(frame, feed).collect())[1]
    assert (counts.accepted, counts.halts, counts.reasons["amount_is_sane"]) == (3, {}, 1)
    halted = quarantine_rows(frame, feed).where("_row_number = 5").collect()[0].asDict(recursive=True)
    assert [breach["rule"] for breach in halted["breaches"]] == ["missing_value", "amount_is_sane"]
    assert judge(counts, feed) is None


def test_an_unknown_code_is_answered_with_the_known_ones(spark: SparkSession) -> None:
    feed = contract_of(
        column("name", "string", source="名称", required=True),
        column("sex_type", "code", source="性别", values={"1": "男", "2": "女"}),
    )
    rows: list[dict[str, str | None]] = [{"name": None, "sex_type": "9"}]
    frame = screen(conform(bronze_frame(spark, feed, rows), feed, known_codes(frozenset())), feed)
    row = quarantine_rows(frame, feed).collect()[0].asDict(recursive=True)
    fixes = {breach["rule"]: breach["fix"] for breach in row["breaches"]}
    assert fixes["unknown_code"].endswith("；“性别”可填：1、2")
    assert "可填" not in fixes["missing_value"]


def test_a_plan_has_each_text_once(spark: SparkSession) -> None:
    """Each copy is planned anew, on Sail for a second where advice had nine of them."""
    feed = contract_of(
        column("sex_type", "code", source="性别", values={"1": "男", "2": "女"}),
        column("day", "date", source="日期", format="yyyyMMdd"),
    )
    plan = quarantine_rows(spark.range(1), feed)._plan.to_proto(spark.client).SerializeToString()
    told = {text for each in feed.breaches().values() for text in (each.message, each.fix)}
    counts = {text: plan.count(text.encode()) for text in told}
    assert {text for text in told if not 1 <= counts[text] <= _times(text, feed)} == set()


def _times(text: str, feed: FeedContract) -> int:
    """How many breaches have the text, or one that contains it, as their message or advice."""
    return sum(text in said for each in feed.breaches().values() for said in (each.message, each.fix))
