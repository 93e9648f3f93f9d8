"""Bad rows of a pull go back by their keys, as a list that a spreadsheet opens without running anything."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from deltalake import write_deltalake

from expectations.contract.catalogue import load_feed
from spark_jobs.base.settings import settings
from spark_jobs.control.database import engine
from spark_jobs.lake.storage.paths import table_uri
from spark_jobs.lake.storage.store import open_store
from spark_jobs.receipts import outbox
from tests.unit.receipts.test_rows_to_fix import DELIVERY, QUARANTINE, breach, row

FEED = load_feed("government_service/approval_case")
WRONG = breach("applicant_type", "代码不对"), breach(None, "缺少证件")


@pytest.fixture(autouse=True)
def _own_lake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("LAKE_HOME", str(tmp_path / "lake"))
    settings.cache_clear()
    engine.cache_clear()
    yield
    settings.cache_clear()
    engine.cache_clear()


def case(number: int, case_number: str | None, updated_at: str | None) -> dict[str, Any]:
    return row(number, {"case_number": case_number, "updated_at": updated_at}, None, *WRONG)


def delivered(*rows: dict[str, Any]) -> tuple[dict[str, str | None], bytes, str]:
    """The outbox's keys, the list and the page of a pull with these bad rows."""
    write_deltalake(table_uri("quarantine", FEED.table), pa.Table.from_pylist(list(rows), QUARANTINE))
    explained = {"bad": {"message": "代码不对", "fix": "请改"}}
    receipt: dict[str, Any] = {
        "feed": FEED.id,
        **{"delivery_id": DELIVERY, "file": "pull_a_b", "business_date": "2026-11-02", "status": "partly_accepted"},
        **{"quarantined": len(rows), "rows_counted": 9, "accepted": 9 - len(rows), "rejected": 0, "bytes": 1},
        **{"reasons": {"bad": len(rows)}, "explanations": explained, "warnings": {}, "notes": [], "rejection": None},
        **{"received_at": "", "issued_at": "", "sha256": "", "contract_sha256": "", "code_version": ""},
        "tables": {"silver": {"table": "silver.x", "version": 1}},
    }
    keys = outbox.deliver(receipt, FEED).receipt["outbox"]
    folder = settings().home / "outbox"
    assert {item.key for item in open_store().list("outbox")} == {key for key in keys.values() if key}
    return keys, (folder / str(keys["key_list"])).read_bytes(), (folder / str(keys["page"])).read_text("utf-8")


def test_every_bad_row_is_listed_by_key_with_its_reason_and_what_to_do() -> None:
    keys, content, page = delivered(case(2, "乙", "2026-11-02 08:00:00"), case(1, "甲", None), case(3, None, None))
    assert keys["rows_to_fix"] is None
    assert keys["key_list"] == "government_service/approval_case/2026-11-02/pull_a_b.01234567.key_list.csv"
    assert content.startswith(b"\xef\xbb\xbf")
    said = "applicant_type：代码不对；缺少证件", "请改代码不对；请改缺少证件"
    assert list(csv.reader(content.decode("utf-8-sig").splitlines())) == [
        ["case_number", "updated_at", "本次同步行号", "错误原因", "处理建议"],
        ["甲", "", "1", *said],
        ["乙", "2026-11-02 08:00:00", "2", *said],
        ["", "", "3", *said],
    ]
    assert "pull_a_b.01234567.key_list.csv" in page
    assert "请按清单在业务系统中改正" in page
    assert "放回" not in page


def test_a_row_that_text_cannot_hold_is_listed_by_its_key_all_the_same() -> None:
    raw = '{"case_number":"甲\\ufffd","updated_at":"2026-11-02 08:00:00","item_name":"\\udcb9"}'
    _, content, _ = delivered(row(1, None, raw, breach(None, "控制字符")))
    assert content.decode("utf-8-sig").splitlines()[1] == "甲_xFFFD_,2026-11-02 08:00:00,1,控制字符,请改控制字符"


def test_half_a_surrogate_pair_and_formulas_in_a_key_are_escaped() -> None:
    _, content, _ = delivered(row(1, None, '{"case_number":"=1+1\\ud800"}', breach(None, "错")), case(2, "@x", None))
    first, second = content.decode("utf-8-sig").splitlines()[1:]
    assert first.startswith("'=1+1_xD800_,")
    assert second.startswith("'@x,")
