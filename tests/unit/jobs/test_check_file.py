"""A clerk checks a file before sending it: the result is what its receipt would say, and nothing is left behind."""

import hashlib
import json
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from expectations.contract.catalogue import load_feed, load_feeds
from expectations.contract.feed import FeedContract
from expectations.samples import sample_rows
from spark_jobs.base.errors import LakeError
from spark_jobs.cli import app
from spark_jobs.control.database import engine
from spark_jobs.intake.formats import FORMATS, write_sample
from spark_jobs.jobs.check_file import check_file
from spark_jobs.jobs.collect import collect
from spark_jobs.lake.sail import kept
from spark_jobs.lake.sail.process import can_be_isolated
from tests.e2e.files import REGISTRY
from tests.unit.ask.small_lake import drop

DAY = date(2026, 7, 1)
ROWS = 12

pytestmark = pytest.mark.skipif(can_be_isolated() is not None, reason="no network namespaces on this machine")


@pytest.fixture(scope="module", autouse=True)
def _one_sail(lake_home: Path) -> Iterator[None]:
    with kept.kept():
        yield


def with_files_of_each_format() -> list[FeedContract]:
    """A feed of each format with a column in which a value can be missed, without rules across columns."""
    found = {feed.layout.format: feed for feed in load_feeds() if takes_files(feed) and required(feed)}
    return [feed.model_copy(update={"rules": ()}) for feed in found.values()]


def takes_files(feed: FeedContract) -> bool:
    return feed.arrival.yields == "files"


def required(feed: FeedContract) -> list[str]:
    return [column.source for column in feed.columns if column.required]


def sent(feed: FeedContract, folder: Path, **missing: int) -> Path:
    """A sample file in which the first required column is empty in these rows."""
    rows = sample_rows(feed, ROWS, business_date=DAY)
    for number in missing.values():
        rows[number][required(feed)[0]] = ""
    path = write_sample(feed, folder, business_date=DAY)
    FORMATS[feed.layout.format].write_sample(path, feed.layout, list(rows[0]), rows)
    return path


def content(*folders: Path) -> dict[str, str]:
    files = [path for folder in folders for path in sorted(folder.rglob("*")) if path.is_file()]
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.mark.parametrize("feed", with_files_of_each_format(), ids=lambda feed: feed.layout.format)
def test_files_of_every_format_are_checked(feed: FeedContract, tmp_path: Path) -> None:
    checked = check_file(feed, sent(feed, tmp_path, one=3, another=5))
    receipt = checked.receipt
    assert (receipt["rows_counted"], receipt["accepted"], receipt["quarantined"]) == (ROWS, ROWS - 2, 2)
    assert receipt["reasons"]["missing_value"] == 2
    assert (receipt["status"], checked.is_good) == ("partly_accepted", False)
    assert len(checked.rows) == 2
    assert all(any(required(feed)[0] in reason for reason in row.reasons) for row in checked.rows)


def run(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["check-file", *arguments])
    return done.exit_code, done.stdout


def test_a_good_file_may_be_sent_and_nothing_is_left_behind(tmp_path: Path, lake_home: Path) -> None:
    path = sent(load_feed(REGISTRY), tmp_path)
    before = content(tmp_path)
    status, said = run(str(path), "--feed", REGISTRY)
    assert status == 0, said
    assert f"文件 {ROWS} 行 = 入库 {ROWS} + 待改正 0 + 未入库 0" in said
    assert "结论：可以报送" in said
    assert content(tmp_path) == before
    assert not (lake_home / "control.db").exists()
    assert not (lake_home / "inbox").exists()
    assert not (lake_home / "lake").exists()


def test_two_rows_about_the_same_are_taken_and_told(tmp_path: Path) -> None:
    feed = load_feed(REGISTRY)
    rows = sample_rows(feed, ROWS, business_date=DAY)
    header = {column.name: column.source for column in feed.columns}
    moment = header["changed_at"]
    rows[4] = dict(rows[3])
    rows[6] = rows[5] | {header["home_address"]: "另一处"}
    rows[8] = rows[7] | {moment: "20260701235959"}
    path = write_sample(feed, tmp_path, business_date=DAY)
    FORMATS[feed.layout.format].write_sample(path, feed.layout, list(rows[0]), rows)
    receipt = check_file(feed, path).receipt
    assert (receipt["accepted"], receipt["quarantined"]) == (ROWS, 0)
    assert receipt["warnings"]["repeated_key"] == 2, "a later state is no repetition"
    assert "主键相同" in receipt["explanations"]["repeated_key"]["message"]


def test_a_wrong_name_is_told_beside_what_is_wrong_inside(tmp_path: Path) -> None:
    path = sent(load_feed(REGISTRY), tmp_path, one=3)
    renamed = path.rename(tmp_path / "七月户籍.csv")
    status, said = run(str(renamed), "--feed", REGISTRY, "--business-date", "2026-07-01")
    assert status == 1
    assert "不会被接收：文件名 七月户籍.csv 不符合约定的命名规则" in said
    assert "可用的文件名例如：resident_registry_20260701.csv" in said
    assert "按内容的结果：部分入库" in said
    assert "第 5 行  公民身份号码：" in said


def test_where_too_many_rows_are_bad_they_are_told_all_the_same(tmp_path: Path) -> None:
    feed = load_feed(REGISTRY)
    checked = check_file(feed, sent(feed, tmp_path, **{f"row_{number}": number for number in range(ROWS)}))
    assert checked.receipt["rejection"]["code"] == "rejected_share"
    assert [row.row_number for row in checked.rows] == list(range(2, ROWS + 2))


def test_values_of_rows_are_not_repeated(tmp_path: Path) -> None:
    feed = load_feed(REGISTRY)
    rows = sample_rows(feed, 2, business_date=DAY)
    rows[0]["出生日期"] = "19000101"
    path = write_sample(feed, tmp_path, business_date=DAY)
    FORMATS["csv"].write_sample(path, feed.layout, list(rows[0]), rows)
    _, as_text = run(str(path), "--feed", REGISTRY)
    _, as_json = run(str(path), "--feed", REGISTRY, "--json")
    assert json.loads(as_json)["rows"] != []
    values = [row[column] for row in rows for column in ("公民身份号码", "姓名", "出生日期")]
    assert [value for value in values if value in as_text + as_json] == []


def test_a_whole_file_that_would_be_rejected(tmp_path: Path) -> None:
    path = tmp_path / "resident_registry_20260701.csv"
    path.write_bytes("姓名|性别\n".encode("utf-16"))
    status, said = run(str(path), "--feed", REGISTRY, "--json")
    found = json.loads(said)
    assert (status, found["is_good"], found["receipt"]["status"]) == (1, False, "rejected")
    assert found["receipt"]["rejection"]["fix"]


@pytest.mark.parametrize(
    ("manifest", "code"),
    [
        ({"rows": ROWS + 1}, None),
        ({"bytes": 3}, "incomplete_upload"),
        ({"sha256": "0" * 64}, "manifest_mismatch"),
        ({"rows": -1}, "manifest_invalid"),
        ([], "manifest_unreadable"),
    ],
)
def test_a_manifest_beside_the_file_is_read(tmp_path: Path, manifest: Any, code: str | None) -> None:
    path = sent(load_feed(REGISTRY), tmp_path)
    path.with_name(f"{path.name}.manifest.json").write_text(json.dumps(manifest), "utf-8")
    checked = check_file(load_feed(REGISTRY), path)
    assert not checked.is_good
    assert [fault.code for fault in checked.outside.faults] == ([code] if code else [])
    if code is None:
        assert checked.receipt["rejection"]["code"] == "manifest_mismatch"


def test_what_came_before_is_known_where_there_is_a_lake(
    tmp_path: Path, lake_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The engine that the other tests share keeps its files in the lake's home; the command's own keeps them apart.
    monkeypatch.setattr(kept, "_keepers", [])
    feed = load_feed(REGISTRY)
    path = sent(feed, tmp_path)
    drop(lake_home, path)
    collect(feed)
    engine().dispose()
    before = content(lake_home)
    again = shutil.copyfile(path, tmp_path / "resident_registry_20260702.csv")
    assert check_file(feed, again).receipt["duplicate_of"] == path.name
    other = sent(feed, tmp_path, one=3)
    checked = check_file(feed, other)
    assert (checked.compared, len(checked.replaces), checked.receipt["duplicate_of"]) == (True, 1, None)
    assert content(lake_home) == before


def test_a_feed_that_is_read_from_a_system_has_no_file() -> None:
    feed = next(feed for feed in load_feeds() if not takes_files(feed))
    with pytest.raises(LakeError, match="由数据湖直接从业务系统读取"):
        check_file(feed, Path(__file__))
