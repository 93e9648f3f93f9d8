"""`lake lineage`: names as people write them, where a column comes from, where it goes."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from expectations.contract.catalogue import load_feed
from spark_jobs.base.errors import LakeError
from spark_jobs.cli import app
from spark_jobs.lineage import whole
from spark_jobs.lineage.draw import draw
from spark_jobs.lineage.graph import Graph
from spark_jobs.lineage.models import Compiled
from spark_jobs.lineage.sources import of_feed, stated_by
from tests.source_tree import PROJECT
from tests.unit.lineage.drawing import model

FEED = load_feed("civil_affairs/elderly_profile")
SILVER = "silver.civil_affairs__elderly_profile"


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    """One feed, and a mart of it."""
    before = dict(of_feed(FEED))
    columns = tuple(node.name for node in before if node.table == SILVER and node.name is not None)
    shown = "living_code, min(guardian_name) as first_name, count(*) as elders, 'x' as edition"
    text = f"select {shown} from {SILVER} group by 1"
    edges, faults = draw(Compiled((model(text, "marts.mart_elder"),), {SILVER: columns}), before.items())
    assert faults == []
    monkeypatch.setattr(whole, "lineage", lambda: Graph(edges, dict(stated_by([FEED]))))


def lineage(*arguments: str) -> list[str]:
    done = CliRunner().invoke(app, ["lineage", *arguments])
    if done.exception is not None:
        raise done.exception
    return done.stdout.splitlines()


def test_a_column_leads_up_to_the_field_that_the_department_sends() -> None:
    assert lineage("marts.mart_elder.first_name") == [
        "marts.mart_elder.first_name  [direct]",
        f"  {SILVER}.guardian_name  aggregation",
        "    civil_affairs/elderly_profile.guardian.name  transformation",
        "indirectly: 2 columns, of them 1 fields that departments send; --indirect lists them",
    ]


def test_what_only_decides_is_listed_when_asked_for() -> None:
    assert lineage("marts.mart_elder.first_name", "--indirect")[-3:] == [
        "indirectly: 2 columns, of them 1 fields that departments send",
        "  civil_affairs/elderly_profile: residence.living (group_by)",
        f"  {SILVER}: living_code (group_by)",
    ]


def test_a_count_and_a_constant_are_of_rows() -> None:
    assert lineage("marts.mart_elder.elders")[1] == f"  {SILVER}  count of its rows"
    assert lineage("marts.mart_elder.edition")[1] == f"  {SILVER}  its rows"


@pytest.mark.parametrize("name", ["civil_affairs/elderly_profile.guardian.name", f"{SILVER}.guardian_name"])
def test_a_field_leads_down_to_the_marts_that_show_it(name: str) -> None:
    lines = lineage(name, "--down")
    assert lines[0] == f"{name}  [direct]"
    assert lines[-2].strip() == "marts.mart_elder.first_name  aggregation"
    assert lines[-1] == "indirectly: 0 columns, of them 0 columns of marts"


def test_a_field_may_be_named_as_silver_names_it() -> None:
    silver = lineage("civil_affairs/elderly_profile.guardian_name", "--down")
    assert silver == lineage(f"{SILVER}.guardian_name", "--down")


def test_a_table_has_a_line_a_column() -> None:
    field = "civil_affairs/elderly_profile"
    assert lineage("marts.mart_elder") == [
        f"marts.mart_elder.living_code  [personal]: {field}.residence.living; indirectly 0 more",
        f"marts.mart_elder.first_name  [direct]: {field}.guardian.name; indirectly 1 more",
        f"marts.mart_elder.elders: {SILVER}; indirectly 1 more",
        f"marts.mart_elder.edition: constant, of rows of {SILVER}; indirectly 1 more",
    ]


def test_json_has_every_step() -> None:
    document = json.loads("\n".join(lineage("marts.mart_elder.first_name", "--json")))
    assert (document["column"], document["direction"]) == ("marts.mart_elder.first_name", "up")
    assert document["sensitivity"] == ["direct"]
    sent = [each for each in document["reached"] if each["table"] == FEED.id and each["column"]]
    assert [(each["column"], each["kind"], each["way"], each["steps"]) for each in sent] == [
        ("guardian.name", "direct", "aggregation", 2),
        ("residence.living", "indirect", "group_by", 3),
    ]
    assert len(json.loads("\n".join(lineage("marts.mart_elder", "--json")))) == 4


@pytest.mark.parametrize(
    ("name", "what", "next_step"),
    [
        pytest.param("marts.mart_eldr", "no table marts.mart_eldr", "did you mean marts.mart_elder", id="a table"),
        pytest.param("marts.mart_elder.eldrs", "has no column eldrs", "did you mean elders", id="a column"),
        pytest.param("health/none.x", "no table health/none", "agency/feed.field", id="a feed"),
    ],
)
def test_what_is_not_there_is_said_with_what_is_near(name: str, what: str, next_step: str) -> None:
    with pytest.raises(LakeError, match=what) as error:
        lineage(name)
    assert next_step in error.value.next_step


def test_it_is_of_one_name_or_all_of_it_goes_to_a_folder(tmp_path: Path) -> None:
    with pytest.raises(LakeError, match="one name"):
        lineage()
    assert lineage("--openlineage", str(tmp_path / "out")) == [f"2 events in {tmp_path}/out/openlineage.jsonl"]


def test_a_build_whose_lineage_is_kept_does_not_pay_for_the_parser() -> None:
    look = "import sys, spark_jobs.warehouse; print({'sqlglot', 'openlineage'} & sys.modules.keys())"
    done = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True, cwd=PROJECT)
    assert done.stdout == "set()\n"
