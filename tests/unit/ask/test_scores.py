"""Scores by the six dimensions of GB/T 36344-2018: by hand, each point lost with its reason, any day again."""

import json
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from expectations.contract.catalogue import load_feed
from expectations.dimensions import Dimension
from spark_jobs.ask.scores.asked import feeds_of, of_departments, of_feeds
from spark_jobs.ask.scores.facts import Fact, facts
from spark_jobs.ask.scores.reckoning import Score, of_department, of_feed
from spark_jobs.base.errors import LakeError
from spark_jobs.cli import app
from spark_jobs.control.database import session
from spark_jobs.control.receipt_counts import counts_of
from spark_jobs.control.schema import ReceiptLink

REGISTRY, PERMIT = "public_security/resident_registry", "public_security/residence_permit"
FACTS = (
    # 1,000 rows in time: 20 wrong check digits, 50 empty cells, 10 birthdays that disagree with the number.
    Fact(
        REGISTRY,
        1000,
        {"resident_id_checksum": 20, "missing_value": 50, "birth_date_agrees_with_id": 10},
    ),
    # 200 rows, too late: 30 unknown codes, 4 changes of the future.
    Fact(REGISTRY, 200, {"unknown_code": 30, "changed_before_receipt": 4}, is_late=True),
    # Two files of which nothing was used, and one without rows.
    Fact(REGISTRY, rejection="encoding_invalid"),
    Fact(REGISTRY, rejection="compression_damaged"),
    Fact(REGISTRY),
    # And one that was due and has not come.
    Fact(REGISTRY, is_absent=True),
)


def points(score: Score) -> dict[str, float | None]:
    return {each.value: score.dimensions[each].points for each in Dimension} | {"total": score.total}


def test_ten_scores_and_more_by_hand() -> None:
    registry = of_feed(load_feed(REGISTRY), FACTS)
    assert points(registry) == pytest.approx(
        {
            "conformity": (100 + 85 + 0) / 3,
            "completeness": (95 + 100) / 2,
            "accuracy": (98 + 100) / 2,
            "consistency": (99 + 100) / 2,
            "timeliness": (100 + 0 + 100 + 100 + 100 + 0) / 6,
            "accessibility": (100 + 100 + 100 + 0 + 100) / 5,
            "total": 84.05555555555556,
        }
    )
    assert registry.deliveries == 5
    permit = of_feed(load_feed(PERMIT), [Fact(PERMIT, 400, {"resident_id_shape": 8})])
    assert (permit.dimensions[Dimension.CONFORMITY].points, permit.total) == pytest.approx((98, 598 / 6))
    department = of_department("public_security", "咸宁市公安局", [registry, permit])
    assert points(department) == pytest.approx(
        {
            "conformity": 79.83333333333333,
            "completeness": 98.75,
            "accuracy": 99.5,
            "consistency": 99.75,
            "timeliness": 83.33333333333333,
            "accessibility": 90,
            "total": 91.86111111111111,
        }
    )


def test_the_reasons_come_to_every_point_that_was_lost() -> None:
    registry = of_feed(load_feed(REGISTRY), FACTS)
    for each in registry.dimensions.values():
        assert sum(loss.points for loss in each.losses) == pytest.approx(100 - (each.points or 0))
    lost = {loss.code: loss for _, loss in registry.losses}
    assert lost["encoding_invalid"].points == pytest.approx(100 / 3)
    assert (lost["unknown_code"].points, lost["unknown_code"].rows) == pytest.approx((5, 30))
    # Late and with rows of the future: together more than the whole, so each has its part of it.
    assert lost["late"].points == pytest.approx(100 / 6 / 1.02)
    assert lost["changed_before_receipt"].points == pytest.approx(100 / 6 * 0.02 / 1.02)
    assert lost["resident_id_checksum"].message == "身份号码的校验位不正确"
    assert [loss.code for _, loss in registry.losses][:3] == ["encoding_invalid", "compression_damaged", "absent"]


def test_what_is_not_known_is_not_reckoned() -> None:
    unread = of_feed(load_feed(REGISTRY), [Fact(REGISTRY, rejection="compression_damaged")])
    known = {name: each for name, each in points(unread).items() if each is not None}
    assert known == {"timeliness": 100, "accessibility": 0, "total": 50}
    assert of_feed(load_feed(REGISTRY), []).total is None
    both = of_department("d", "某局", [unread, of_feed(load_feed(PERMIT), [Fact(PERMIT, 10)])])
    assert (both.dimensions[Dimension.ACCURACY].points, both.dimensions[Dimension.ACCESSIBILITY].points) == (100, 50)


def test_a_rule_that_is_no_more_still_has_its_rows() -> None:
    score = of_feed(load_feed(REGISTRY), [Fact(REGISTRY, 10, {"rule_of_last_year": 1})])
    assert score.dimensions[Dimension.CONSISTENCY].points == pytest.approx(90)


@pytest.fixture(scope="module")
def told(lake_home: Path) -> None:
    """Days of receipts: of a delivery that was replaced on the tenth, and of one that was late and first was absent."""
    _told(1, REGISTRY, "01", status="accepted", rows_counted=50)
    _told(2, REGISTRY, "05", status="partly_accepted", rows_counted=100, reasons={"missing_value": 10})
    _told(4, PERMIT, "06", status="rejected", rejection={"code": "zero_bytes"}, reasons={"zero_bytes": 1})
    _told(5, REGISTRY, "07", status="absent")
    sex = {"sex_agrees_with_id": 20}
    _told(3, REGISTRY, "08", status="accepted", rows_counted=100, warnings=sex, late={"working_days": 1})
    _told(5, REGISTRY, "08", status="came_late")
    _told(2, REGISTRY, "10", status="replaced", rows_counted=100)


def _told(number: int, feed: str, day: str, **receipt: object) -> None:
    with session() as at:
        place = at.query(ReceiptLink).count() + 1
        said = {"said": str(place), "issued_at": f"2026-11-{day}T21:00:00+08:00", "chain": {}}
        link = ReceiptLink(agency="public_security", number=place, delivery_id=f"d{number}", **said)
        link.counts = counts_of({"feed": feed, **receipt})
        at.add(link)
        at.commit()


def test_every_day_is_reckoned_by_what_was_said_until_then(told: None) -> None:
    def completeness(day: int) -> float | None:
        (score,) = [score for score in of_feeds(date(2026, 11, day), 30) if score.name == REGISTRY]
        return score.dimensions[Dimension.COMPLETENESS].points

    assert [completeness(day) for day in (4, 5, 9, 10)] == pytest.approx([100, 95, (100 + 90 + 100) / 3, 100])
    assert completeness(9) == pytest.approx(290 / 3), "a day that is over is reckoned the same again"


def test_only_what_was_answered_within_the_days_counts(told: None) -> None:
    assert [fact.rows for fact in facts(date(2026, 11, 9), 30)] == [50, 100, 0, 100]
    assert [fact.rows for fact in facts(date(2026, 11, 9), 2)] == [100]
    assert facts(date(2026, 10, 31), 30) == []


def test_what_has_not_come_is_absent_until_it_comes_and_then_late(told: None) -> None:
    def lost(day: int) -> dict[str, float]:
        (score,) = [score for score in of_feeds(date(2026, 11, day), 30) if score.name == REGISTRY]
        return {loss.code: loss.points for loss in score.dimensions[Dimension.TIMELINESS].losses}

    assert lost(6) == {}
    assert lost(7) == pytest.approx({"absent": 100 / 3})
    assert lost(8) == pytest.approx({"late": 100 / 3})


def test_a_warning_costs_what_a_quarantined_row_costs(told: None) -> None:
    (score,) = of_feeds(date(2026, 11, 8), 1)
    assert score.dimensions[Dimension.CONSISTENCY].points == pytest.approx(80)


def test_departments_are_named_by_folder_or_in_chinese(told: None) -> None:
    assert feeds_of("咸宁市公安局") == feeds_of("public_security")
    with pytest.raises(LakeError, match="no contract is of a department 咸宁市某局"):
        feeds_of("咸宁市某局")
    (department,) = of_departments(date(2026, 11, 9), 30)
    assert (department.name, department.title, department.deliveries) == ("public_security", "咸宁市公安局", 4)
    assert department.dimensions[Dimension.COMPLETENESS].points == pytest.approx((290 / 3 + 0) / 2)


def test_the_command_prints_tables_and_json(told: None) -> None:
    def run(*words: str) -> str:
        done = CliRunner().invoke(app, ["scores", "--on", "2026-11-09", *words])
        assert done.exit_code == 0
        return done.output

    assert "咸宁市公安局" in run()
    assert "文件为 0 字节" in run("--department", "public_security")
    assert "扣分明细" in run("--feed", REGISTRY)
    then = json.loads(run("--feed", REGISTRY, "--days", "5", "--history", "4", "--json"))
    assert [(each["on"], each["dimensions"]["completeness"]["points"]) for each in then] == [
        ("2026-11-09", 95),
        ("2026-11-04", 100),
    ]
    assert "2026-11-04" in run("--department", "public_security", "--days", "5", "--history", "3")
    assert CliRunner().invoke(app, ["scores", "--history", "3"]).exit_code == 1
    (found,) = json.loads(run("--feed", PERMIT, "--json"))
    assert found["dimensions"]["completeness"] == {
        "title": "完整性",
        "points": 0,
        "lost": [
            {
                "feed": PERMIT,
                "code": "zero_bytes",
                "message": "文件为 0 字节",
                "points": 100,
                "rows": 0,
                "deliveries": 1,
            }
        ],
    }
    assert (found["score"], found["dimensions"]["accuracy"]["points"]) == (66.67, None)
