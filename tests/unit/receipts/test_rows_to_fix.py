"""Rows to fix come out of quarantine in the order of the delivery, and their file is one that the feed takes."""

import random
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from deltalake import write_deltalake

from expectations.contract.feed import FeedContract
from spark_jobs.base.settings import settings
from spark_jobs.lake.storage.paths import table_uri
from spark_jobs.receipts import in_order, quarantined, rows_to_fix
from spark_jobs.receipts.quarantine_files import batches
from tests.unit.intake.formats.decoding_cases import contract_of, decoded

BREACH = pa.struct([(name, pa.string()) for name in ("rule", "field", "value", "message", "fix")])
QUARANTINE = pa.schema(
    [
        ("_delivery_id", pa.string()),
        ("_row_number", pa.int64()),
        ("breaches", pa.list_(BREACH)),
        ("record", pa.map_(pa.string(), pa.string())),
        ("_raw", pa.string()),
    ]
)
DELIVERY = "0123456789abcdef"
RECEIPT = {"delivery_id": DELIVERY, "file": "example_20261101.csv", "business_date": "2026-11-01"}


@pytest.fixture(autouse=True)
def _own_lake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LAKE_HOME", str(tmp_path / "lake"))
    settings.cache_clear()


def breach(field: str | None, message: str) -> dict[str, Any]:
    return {"rule": "rule", "field": field, "value": None, "message": message, "fix": f"请改{message}"}


def quarantine(contract: FeedContract, rows: list[dict[str, Any]]) -> None:
    """Rows in two commits and no order, beside those of another delivery."""
    shuffled = random.Random(7).sample(rows, len(rows))  # noqa: S311
    other = {"_delivery_id": "other", "_row_number": 1, "breaches": [breach(None, "别的")], "record": [], "_raw": "x"}
    for part in (shuffled[::2], [*shuffled[1::2], other]):
        write_deltalake(table_uri("quarantine", contract.table), pa.Table.from_pylist(part, QUARANTINE), mode="append")


def row(number: int, values: dict[str, str | None] | None, raw: str | None, *breaches: Any) -> dict[str, Any]:
    record = list((values or {}).items())
    return {"_delivery_id": DELIVERY, "_row_number": number, "breaches": breaches, "record": record, "_raw": raw}


def test_rows_stand_in_the_order_of_the_delivery_with_their_reasons(tmp_path: Path) -> None:
    contract = contract_of({"format": "csv", "encoding": "utf-8"})
    wrong = breach("person_name", "太长"), breach("person_name", "太长"), breach(None, "不一致")
    rows = [row(number, {"编号": str(number), "姓名": None}, None, *wrong) for number in range(2, 3000)]
    quarantine(contract, [*rows, row(3000, None, "a,b,c", breach(None, "列太多"))])
    (path,) = rows_to_fix.write(RECEIPT, contract, tmp_path)
    lines = path.read_text("utf-8-sig").splitlines()
    assert lines[0] == "原行号,错误原因,处理建议,编号,姓名"
    assert lines[1] == "2,姓名：太长；不一致,请改太长；请改不一致,2,"
    assert [int(line.split(",")[0]) for line in lines[1:]] == list(range(2, 3001))
    assert lines[-1] == '3000,列太多,请改列太多,"【整行未分列】a,b,c",'
    assert [item.name for item in tmp_path.iterdir() if item.name != "lake"] == [path.name]
    table, accounting = decoded(path, contract)
    assert accounting.rows_counted == 2999
    assert table["number"].to_pylist() == [*(str(number) for number in range(2, 3000)), None]
    assert table["_raw"].to_pylist()[-1] == "a,b,c"


def test_a_source_column_s_name_may_be_anything(tmp_path: Path) -> None:
    name = "编'号\"] --"
    column = {"source": name, "name": "number", "type": "string", "sensitivity": "open", "title_en": "Number"}
    contract = contract_of({"format": "json"}, columns=[column])
    quarantine(contract, [row(1, {name: "7"}, None, breach("number", "错"))])
    table, _ = decoded(rows_to_fix.write(RECEIPT, contract, tmp_path)[0], contract)
    assert table["number"].to_pylist() == ["7"]


def test_any_number_of_rows_is_sorted_in_pieces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(in_order, "RUN_BYTES", 10_000)
    numbers = random.Random(7).sample(range(20_000), 20_000)  # noqa: S311
    batches = [
        pa.RecordBatch.from_pydict({"number": part, "text": [f"甲{number}" for number in part]})
        for part in (numbers[at : at + 333] for at in range(0, 20_000, 333))
    ]
    rows = in_order.in_order(iter(batches), "number", tmp_path)
    assert len(list(tmp_path.iterdir())) >= 30
    assert list(rows) == [(number, f"甲{number}") for number in range(20_000)]


def test_no_more_than_a_few_rows_are_in_memory(tmp_path: Path) -> None:
    contract = contract_of({"format": "xlsx"})
    quarantine(contract, [row(number, {"编号": "甲" * 2_000}, None, breach(None, "错")) for number in range(20_000)])
    pool = pa.default_memory_pool()
    before = pool.bytes_allocated()
    taken = in_order.in_order(
        (quarantined._plain(each, contract) for each in batches(contract.table, [DELIVERY], quarantined._COLUMNS)),
        "number",
        tmp_path,
    )
    next(taken)
    assert pool.bytes_allocated() - before < 64 << 20
