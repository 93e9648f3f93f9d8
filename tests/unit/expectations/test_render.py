"""Rendered files follow from the contracts and from nothing else."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from expectations.contract.catalogue import load_feed, load_feeds
from expectations.contract.feed import FeedContract
from expectations.entity_spec import load_entities
from expectations.render.files import PROJECT, STAGING, committed, of_entity, of_feed, render_all, write_lists
from expectations.render.staging import staging_docs, staging_sql
from expectations.render.suites import suite
from expectations.render.timetable import local_time, utc_time
from spark_jobs.cli import app


def test_no_rendered_file_has_drifted() -> None:
    assert render_all(check=True) == [], "run make render and commit"


RENDER = (
    "import hashlib, sys; from pathlib import Path\n"
    "from expectations.contract.catalogue import load_feeds\n"
    "from expectations.render.files import of_feed, write_lists\n"
    "lists = {str(p): p.read_text('utf-8') for p in write_lists(Path(sys.argv[1]), load_feeds())}\n"
    "feeds = [sorted(of_feed(feed)) for feed in load_feeds()]\n"
    "sys.stdout.write(f'{len(lists)} ' + hashlib.sha256(repr((lists, feeds)).encode()).hexdigest())"
)
"""Renders everything and prints the number of lists, and one hash."""


def test_rendering_in_another_process_gives_the_same_bytes(tmp_path: Path) -> None:
    # The order of sets of texts is another one in each of them.
    printed = {
        subprocess.run(
            [sys.executable, "-c", RENDER, str(tmp_path)],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(PROJECT)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(printed) == 1
    assert printed.pop().startswith(f"{2 * len(load_feeds()) + 2} ")


def test_check_names_what_differs_and_writes_nothing(tmp_path: Path) -> None:
    drifted = render_all(check=True, root=tmp_path)
    assert tmp_path / "expectations/dictionary/health/epidemic_daily.md" in drifted
    assert list(tmp_path.iterdir()) == []


def test_render_repairs_drift_and_removes_what_no_contract_asks_for_but_nothing_made_by_hand(tmp_path: Path) -> None:
    render_all(check=False, root=tmp_path)
    staging = tmp_path / "dbt/models/staging/health"
    edited = tmp_path / "expectations/dictionary/health/epidemic_daily.md"
    orphans = [staging / "source_health__gone.yml", edited.with_name("gone.md"), staging / "stg_health__gone.sql"]
    orphans[-1].write_bytes((staging / "stg_health__epidemic_daily.sql").read_bytes())
    by_hand = staging / "stg_health__by_hand.yml"
    for path in (edited, *orphans[:-1], by_hand):
        path.write_text("by hand", "utf-8")
    assert render_all(check=True, root=tmp_path) == sorted([*orphans, edited])
    assert render_all(check=False, root=tmp_path) == sorted([*orphans, edited])
    assert render_all(check=True, root=tmp_path) == []
    assert not any(path.exists() for path in orphans)
    assert by_hand.read_text("utf-8") == "by hand"


def test_a_staging_model_written_by_hand_is_the_only_one_of_its_feed(tmp_path: Path) -> None:
    render_all(check=False, root=tmp_path)
    model = tmp_path / "dbt/models/staging/health/stg_health__epidemic_daily.sql"
    model.write_text("select 1 as by_hand", "utf-8")
    description = model.with_suffix(".yml")
    assert render_all(check=False, root=tmp_path) == [description]
    assert render_all(check=True, root=tmp_path) == []
    assert not description.exists()
    assert model.read_text("utf-8") == "select 1 as by_hand"


def test_a_staging_model_has_every_column_and_an_id_for_each_mention() -> None:
    contract = load_feed("housing/presale_contract")
    sql = staging_sql(contract)
    ids = ["buyer_person_id", "co_buyer_person_id", "developer_legal_entity_id"]
    (model,) = yaml.safe_load(staging_docs(contract))["models"]
    described = [column["name"] for column in model["columns"]]
    assert described[: len(contract.columns) + len(ids)] == [*(column.name for column in contract.columns), *ids]
    assert all(f"  s.{column.name},\n" in sql for column in contract.columns)
    assert "join_entity_if_read('person', 'housing/presale_contract', 'co_buyer', 'co_buyer_person')" in sql
    assert "where s._is_current\n" in sql


def test_a_committed_file_follows_from_one_contract_so_two_feeds_added_at_once_do_not_conflict() -> None:
    files = [path for feed in load_feeds() for path, _ in of_feed(feed)]
    files += [path for spec in load_entities() for path, _ in of_entity(spec)]
    assert len(files) == len(set(files))
    in_repository = {str(path.relative_to(PROJECT)) for path in committed()}
    staging = {str(path.relative_to(PROJECT)) for path in PROJECT.glob(STAGING)}
    assert in_repository <= set(files)
    assert set(files) - in_repository <= staging - in_repository


def test_one_more_contract_gives_its_page_and_source_and_a_place_in_the_lists(
    contract: FeedContract, tmp_path: Path
) -> None:
    page, source, *_ = dict(of_feed(contract)).values()
    assert "个人信息 personal" in page
    assert "样例" in page
    assert contract.table in source
    write_lists(tmp_path, (*load_feeds(), contract))
    assert json.loads((tmp_path / f"suites/{contract.id}.json").read_text("utf-8")) == suite(contract)
    for listing in ("dictionary/index.md", "dictionary/timetable.md"):
        assert f"[{contract.id}]({contract.id}.md)" in (tmp_path / listing).read_text("utf-8")
        assert (tmp_path / f"dictionary/{contract.id}.md").read_text("utf-8") == page


def test_a_suite_is_printed_on_demand() -> None:
    done = CliRunner().invoke(app, ["render", "--suite", "health/epidemic_daily"])
    assert json.loads(done.stdout) == suite(load_feed("health/epidemic_daily"))


@pytest.mark.parametrize(
    ("schedule", "local", "utc"),
    [
        pytest.param("40 3 * * *", "03:40", "19:40（前一日 day before）", id="the night before in UTC"),
        pytest.param("0 8 * * 6", "08:00", "00:00", id="midnight UTC"),
        pytest.param("5 * * * *", "每小时 hourly :05", "每小时 hourly :05", id="hourly"),
        pytest.param("*/10 2-4 * * *", "见 cron", "见 cron", id="anything else"),
    ],
)
def test_times_are_given_for_the_city_and_in_utc(schedule: str, local: str, utc: str) -> None:
    assert (local_time(schedule), utc_time(schedule)) == (local, utc)
