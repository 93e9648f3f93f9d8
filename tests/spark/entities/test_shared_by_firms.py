"""What firms share by their source, a family's or an agent's, makes none of them another."""

from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from spark_jobs.cli import app
from tests.spark.entities.files import rows_of, write

pytestmark = pytest.mark.usefixtures("without_server")

PARENT = {"name": "赤壁市展尚苗木有限责任公司", "representative_name": "王佐清", "phone": "13494754343"}
BRANCH = {**PARENT, "name": "赤壁市展尚苗木有限责任公司崇阳第一分公司"}
SHOP = {
    "name": "赤壁市李记湖手机店",
    "representative_name": "文廉恒",
    "phone": "13470210152",
    "address": "嘉鱼县官桥镇朱砂村15组29号",
}
AGENTS_OTHER = {**SHOP, "name": "咸安区技平手机店", "representative_name": "萧达娇"}
CODE = "91421223MAEMCRJQ5P"


def together(folder: Path, *firms: dict[str, str]) -> bool:
    """Whether records are one firm, by the spec and the model that the lake has."""
    codes = ("uscc", "registration_number", "organisation_code", "division_code", "industry_code")
    columns = (*codes, "name", "representative_name", "phone", "address", "established_date")
    rows: list[dict[str, Any]] = [
        {"record_id": str(number), **dict.fromkeys(columns, ""), **firm} for number, firm in enumerate(firms)
    ]
    records, clusters = write(folder / "firms.csv", rows), folder / "clusters.csv"
    asked = ["evaluate", "--spec", "expectations/entities/legal_entity.yml", "--prior", "model"]
    printed = CliRunner().invoke(app, [*asked, "--records", str(records), "--clusters", str(clusters)])
    assert printed.exit_code == 0, printed.output
    return len({row["cluster"] for row in rows_of(clusters)}) == 1


def test_a_branch_with_its_parents_telephone_and_representative_is_a_firm_of_its_own(tmp_path: Path) -> None:
    assert not together(tmp_path, PARENT, BRANCH)


def test_two_records_of_one_branch_are_one(tmp_path: Path) -> None:
    assert together(tmp_path, BRANCH, {**BRANCH, "uscc": CODE})


def test_a_branch_whose_name_lost_its_end_is_known_by_its_code(tmp_path: Path) -> None:
    assert together(tmp_path, {**BRANCH, "uscc": CODE}, {**PARENT, "uscc": CODE, "phone": "13797839566"})


def test_whom_one_agent_registered_are_firms_of_their_own(tmp_path: Path) -> None:
    assert not together(tmp_path, SHOP, AGENTS_OTHER)


def test_a_slip_in_its_name_makes_no_other_firm_of_one_with_the_same_representative(tmp_path: Path) -> None:
    assert together(tmp_path, SHOP, {**SHOP, "name": "赤壁市播记药店"})
