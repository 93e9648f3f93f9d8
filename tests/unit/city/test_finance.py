"""The figures of the study that the finance bureau's tables carry, whatever stands in them besides."""

import re

from tests.unit.city.city_reading import MadeCity, Row

PROJECTS, BUDGET = "finance/key_project", "finance/budget_line"


def wan_yuan(text: str) -> int:
    """An amount as a clerk may have written it."""
    return int(re.sub("[,万元]", "", text))


def accepted(city: MadeCity, feed: str) -> list[Row]:
    """The rows that no defect sends to quarantine."""
    rejected = {place for place, defect in city.defects(feed).items() if defect["outcome"] == "reject"}
    return [row for place, row in city.records(feed).items() if place not in rejected]


def test_there_are_nineteen_key_projects_of_368_470_000_yuan(city: MadeCity) -> None:
    projects = accepted(city, PROJECTS)
    assert len({row["项目编号"] for row in projects}) == len(projects) == 19
    assert sum(wan_yuan(row["总投资(万元)"]) for row in projects) == 36_847


def test_lines_of_sums_are_no_projects_and_no_items(city: MadeCity) -> None:
    for feed, kinds in ((PROJECTS, {"line_of_sums"}), (BUDGET, {"line_of_sums", "line_of_a_class"})):
        rejected = {defect["kind"] for defect in city.defects(feed).values() if defect["outcome"] == "reject"}
        assert kinds <= rejected
        assert not {"合计", "交通运输支出小计"} & {row.get("项目名称") for row in accepted(city, feed)}


def test_the_budget_of_2019_is_the_study_s(city: MadeCity) -> None:
    lines = [row for row in accepted(city, BUDGET) if row["预算年度"] == "2019"]
    amounts = [(row["科目编码"][:3], row["是否信息化项目"], wan_yuan(row["预算金额(万元)"])) for row in lines]
    assert sum(amount for _, _, amount in amounts) == 546_100
    of_class = {code: sum(a for c, _, a in amounts if c == code) for code in ("214", "201", "205")}
    assert of_class == {"214": 89_500, "201": 76_500, "205": 59_300}
    assert sum(amount for _, is_system, amount in amounts if is_system == "是") == 21_000
