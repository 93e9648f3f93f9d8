"""Rendered files follow from the contracts and from nothing else."""

import csv
import io
from pathlib import Path

import pytest

from expectations.contract.catalogue import load_feeds
from expectations.contract.feed import FeedContract
from expectations.render.catalogue import catalogue_csv
from expectations.render.files import render_all, rendered
from expectations.render.timetable import local_time, utc_time


def test_no_rendered_file_has_drifted() -> None:
    assert render_all(check=True) == [], "run make render and commit"


def test_rendering_twice_gives_the_same_bytes() -> None:
    assert dict(rendered(load_feeds())) == dict(rendered(load_feeds()))


def test_check_names_what_differs_and_writes_nothing(tmp_path: Path) -> None:
    drifted = render_all(check=True, root=tmp_path)
    assert tmp_path / "expectations/rendered/dictionary/index.md" in drifted
    assert list(tmp_path.iterdir()) == []


def test_render_repairs_drift_and_removes_what_no_contract_asks_for(tmp_path: Path) -> None:
    render_all(check=False, root=tmp_path)
    edited = tmp_path / "expectations/rendered/dictionary/index.md"
    orphan = tmp_path / "expectations/rendered/dictionary/gone__feed.md"
    edited.write_text("by hand", "utf-8")
    orphan.write_text("a feed that is no more", "utf-8")
    assert render_all(check=True, root=tmp_path) == [orphan, edited]
    assert render_all(check=False, root=tmp_path) == [orphan, edited]
    assert render_all(check=True, root=tmp_path) == []
    assert not orphan.exists()


def test_one_more_contract_gives_its_suite_and_page_and_place_in_the_lists(contract: FeedContract) -> None:
    files = dict(rendered((*load_feeds(), contract)))
    assert f"expectations/rendered/suites/{contract.table}.json" in files
    page = files[f"expectations/rendered/dictionary/{contract.table}.md"]
    assert "个人信息 personal" in page
    assert "样例" in page
    for listing in ("dictionary/index.md", "dictionary/timetable.md"):
        assert contract.id in files[f"expectations/rendered/{listing}"]
    assert contract.table in files["dbt/models/staging/sources.yml"]


def test_the_catalogue_has_one_line_for_each_item_in_the_order_of_the_guide() -> None:
    feeds = load_feeds()
    lines = list(csv.DictReader(io.StringIO(catalogue_csv(feeds).removeprefix("\ufeff"))))
    assert len(lines) == sum(len(feed.columns) for feed in feeds)
    assert list(lines[0])[:5] == [
        "信息资源分类",
        "信息资源名称",
        "信息资源代码",
        "信息资源提供方",
        "信息资源提供方代码",
    ]
    by_code = {line["信息资源代码"]: line for line in lines}
    registry = by_code["101001/000001"]
    assert (registry["共享类型"], registry["更新周期"], registry["是否向社会开放"]) == ("有条件共享", "每日", "否")


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
