"""Parquet: every type as text, row groups and footer as the two counters, damage refused (RELIABILITY.md B32)."""

import datetime as dt
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from expectations.contract.formats.parquet import Parquet
from expectations.rejections import DeliveryRejected
from spark_jobs.intake.formats import locate, write_rows_to_fix, write_sample
from spark_jobs.intake.formats.machinery.exported import RowToFix
from spark_jobs.intake.formats.machinery.rows import Place
from spark_jobs.intake.formats.parquet import decode as parquet_decode
from spark_jobs.intake.formats.parquet.texts import UnreadableType, texts
from spark_jobs.receipts.names import correction_name
from tests.unit.intake.formats.decoding_cases import contract_of, decoded, is_partition

PARQUET: dict[str, Any] = {"format": "parquet"}


def moments(texts: list[str], unit: str) -> pa.Array:
    return pa.array(texts).cast(pa.timestamp(unit))


def written(folder: Path, columns: dict[str, Any], **options: Any) -> Path:
    path = folder / "delivery.parquet"
    pq.write_table(pa.table(columns), path, **options)
    return path


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        pytest.param(pa.array([1, -2, None], pa.int16()), ["1", "-2", None], id="whole numbers"),
        pytest.param(pa.array([2**64 - 1], pa.uint64()), ["18446744073709551615"], id="20 digits"),
        pytest.param(pa.array([1.0, 0.1, 1e16, 1.5e-7]), ["1", "0.1", "10000000000000000", "0.00000015"], id="floats"),
        pytest.param(pa.array([1.1], pa.float32()), ["1.1"], id="short floats keep their digits"),
        pytest.param(
            pa.array([Decimal("1.10"), Decimal("0E-7")], pa.decimal128(20, 7)),
            ["1.1000000", "0.0000000"],
            id="decimals keep their scale",
        ),
        pytest.param(pa.array([True, False, None]), ["1", "0", None], id="truth values"),
        pytest.param(pa.array([dt.date(1, 1, 1), dt.date(9999, 12, 31)]), ["0001-01-01", "9999-12-31"], id="days"),
        pytest.param(
            moments(["2026-01-01 08:00:00", "2026-01-01 08:00:00.120000"], "us"),
            ["2026-01-01 08:00:00", "2026-01-01 08:00:00.12"],
            id="wall-clock times",
        ),
        pytest.param(
            moments(["2026-01-01 16:00:00"], "ns").cast(pa.timestamp("ns", "UTC")),
            ["2026-01-02 00:00:00"],
            id="instants in the city's time",
        ),
        pytest.param(pa.array([dt.time(1, 2, 3)], pa.time64("us")), ["01:02:03"], id="times of day"),
        pytest.param(pa.array([b"\xe7\x94\xb2", None, b""]), ["甲", None, ""], id="bytes that are text"),
        pytest.param(pa.array([b"\x00\xff"], pa.binary(2)), ["\\x00ff"], id="bytes of fixed length"),
        pytest.param(pa.array(["甲", None, "甲"]).dictionary_encode(), ["甲", None, "甲"], id="a dictionary"),
        pytest.param(pa.array([[1, None], None]), ["[1,null]", None], id="lists"),
        pytest.param(
            pa.array([{"a": Decimal("1.10"), "b": dt.date(2026, 1, 2)}]),
            ['{"a":"1.10","b":"2026-01-02"}'], id="structs"
        ),
        pytest.param(pa.nulls(2), [None, None], id="nothing at all"),
    ],
)  # fmt: skip
def test_a_value_of_any_type_has_one_text(values: pa.Array, expected: list[str | None]) -> None:
    found, bad = texts(values, to_second=False)
    assert (found.to_pylist(), found.type, bad) == (expected, pa.string(), [])


def test_a_type_without_a_text_is_no_silent_null() -> None:
    with pytest.raises(UnreadableType):
        texts(pa.array([pa.MonthDayNano((1, 2, 3))]), to_second=False)


def test_a_time_of_the_contract_has_no_fraction(tmp_path: Path) -> None:
    given = moments(["2026-01-01 08:00:00.120000"], "us")
    columns = [
        {"source": "时间", "name": "at", "type": "timestamp", "format": "yyyy-MM-dd HH:mm:ss"},
        {"source": "原文", "name": "raw", "type": "string"},
    ]
    contract = contract_of(PARQUET, columns=[{**each, "sensitivity": "open", "title_en": "X"} for each in columns])
    table, _ = decoded(written(tmp_path, {"时间": given, "原文": given}), contract)
    assert table["at"].to_pylist() == ["2026-01-01 08:00:00"]
    assert table["raw"].to_pylist() == ["2026-01-01 08:00:00.12"]


def test_row_groups_are_ranges_and_the_footer_is_the_rest(tmp_path: Path) -> None:
    path = written(tmp_path, {"编号": [str(n) for n in range(250)], "姓名": ["甲"] * 250}, row_group_size=100)
    table, accounting = decoded(path, contract_of(PARQUET))
    assert table["number"].to_pylist() == [str(n) for n in range(250)]
    assert table["_row_number"].to_pylist() == list(range(1, 251))
    assert [(part.kind, part.rows) for part in accounting.ranges] == [
        ("container", 0),
        ("records", 250),
        ("container", 0),
    ]
    assert is_partition(accounting.ranges, path.stat().st_size)
    assert json.loads(locate(path, contract_of(PARQUET), Place(201))) == {"编号": "200", "姓名": "甲"}
    assert locate(path, contract_of(PARQUET), Place(251)) == ""


def test_a_footer_that_counts_otherwise_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path, {"编号": ["1", "2"], "姓名": ["甲", "乙"]})
    batches = parquet_decode._batches
    monkeypatch.setattr(parquet_decode, "_batches", lambda file, group: (b.slice(1) for b in batches(file, group)))
    with pytest.raises(DeliveryRejected, match="counters_disagree") as rejected:
        decoded(path, contract_of(PARQUET))
    assert rejected.value.details == {"counted": 2, "parsed": 1}


def test_values_that_no_table_may_hold_spoil_their_rows_alone(tmp_path: Path) -> None:
    names = pa.array([b"ok", b"a\x00b", b"\xc4\xe3", "\ufffd".encode(), b"x" * 1_000_001])
    table, accounting = decoded(written(tmp_path, {"编号": list("12345"), "姓名": names}), contract_of(PARQUET))
    assert table["_defect"].to_pylist() == [
        None, "control_character", "invalid_text", "control_character", "value_too_long",
    ]  # fmt: skip
    assert json.loads(table["_raw"].to_pylist()[2]) == {"编号": "3", "姓名": "\\xc4e3"}
    assert table["number"].to_pylist() == ["1", None, None, None, None]
    assert accounting.rows_counted == 5


def test_columns_are_found_by_name_and_others_kept_or_refused(tmp_path: Path) -> None:
    path = written(tmp_path, {"姓名": ["甲"], "金额": [1.5], "编号": [7]})
    with pytest.raises(DeliveryRejected, match="unknown_column"):
        decoded(path, contract_of(PARQUET))
    table, _ = decoded(path, contract_of(PARQUET, on_unknown_column="rescue"))
    assert (table["number"].to_pylist(), json.loads(table["_rescued"].to_pylist()[0])) == (["7"], {"金额": "1.5"})


def test_old_moments_of_96_bits_are_read(tmp_path: Path) -> None:
    given = moments(["1600-01-01 00:00:00", "9999-12-31 00:00:00"], "us")
    path = written(tmp_path, {"编号": given, "姓名": ["甲", "乙"]}, use_deprecated_int96_timestamps=True)
    table, _ = decoded(path, contract_of(PARQUET))
    assert table["number"].to_pylist() == ["1600-01-01 00:00:00", "9999-12-31 00:00:00"]


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda raw: raw[:-20], id="cut"),
        pytest.param(lambda raw: raw[:4] + bytes(60) + raw[64:], id="damaged pages"),
        pytest.param(lambda raw: raw[:-8] + (10**6).to_bytes(4, "little") + b"PAR1", id="a footer beyond the file"),
        pytest.param(lambda raw: b"PAR1", id="a beginning alone"),
    ],
)
def test_a_damaged_file_is_refused(tmp_path: Path, spoil: Any) -> None:
    path = written(tmp_path, {"编号": [str(n) for n in range(200)], "姓名": ["甲乙丙"] * 200})
    path.write_bytes(spoil(path.read_bytes()))
    with pytest.raises(DeliveryRejected, match="parquet_invalid|counters_disagree"):
        decoded(path, contract_of(PARQUET))


def test_an_encrypted_file_is_told_to_be_one(tmp_path: Path) -> None:
    path = tmp_path / "delivery"
    path.write_bytes(b"PARE" + bytes(100) + b"PARE")
    with pytest.raises(DeliveryRejected, match="content_mismatch") as rejected:
        decoded(path, contract_of(PARQUET))
    assert rejected.value.details["actual"] == "加密的 Parquet"


@pytest.mark.parametrize("content", [b"", None])
def test_a_file_without_rows_is_said_to_be_one(tmp_path: Path, content: bytes | None) -> None:
    path = written(tmp_path, {"编号": pa.array([], pa.string()), "姓名": pa.array([], pa.string())})
    if content is not None:
        path.write_bytes(content)
    _, accounting = decoded(path, contract_of(PARQUET))
    assert accounting.rows_counted == 0
    assert accounting.notes
    assert is_partition(accounting.ranges, path.stat().st_size)


def test_rows_go_back_as_a_table_for_a_spreadsheet_and_are_taken_in_that_form(tmp_path: Path) -> None:
    pattern = r"visits_(?P<business_date>\d{8}).*\.(?:parquet|csv)"
    contract = contract_of(PARQUET, arrival={"kind": "drop", "pattern": pattern})
    receipt = {"file": "visits_20261101.parquet", "business_date": "2026-11-01", "delivery_id": "0123456789abcdef"}
    name = correction_name(receipt, contract)
    assert name == "visits_20261101_更正_01234567.csv"
    (path,) = write_rows_to_fix(contract, lambda _: tmp_path / name, [RowToFix(3, "原因", "建议", ("1", "=甲"))])
    assert path.read_text("utf-8-sig").splitlines()[0] == "原行号,错误原因,处理建议,编号,姓名"
    table, accounting = decoded(path, contract)
    assert (table["person_name"].to_pylist(), accounting.is_correction) == (["=甲"], True)
    assert locate(path, contract, Place(2, table["_byte_offset"][0].as_py(), 8)) == "3,原因"


def test_where_the_name_must_stay_the_form_changes_all_the_same() -> None:
    contract = contract_of(PARQUET, arrival={"kind": "drop", "pattern": r"visits_(?P<business_date>\d{8}).*\.parquet"})
    receipt = {"file": "visits_20261101.parquet", "business_date": "2026-11-01", "delivery_id": "0123456789abcdef"}
    assert correction_name(receipt, contract) == "visits_20261101_更正_01234567.parquet"


def test_a_delivery_in_the_form_of_rows_to_fix_is_none(tmp_path: Path) -> None:
    path = tmp_path / "delivery"
    path.write_text("编号,姓名\n1,甲\n", "utf-8")
    with pytest.raises(DeliveryRejected, match="content_mismatch"):
        decoded(path, contract_of(PARQUET))
    sample = write_sample(contract_of(PARQUET), tmp_path, n=3)
    assert decoded(sample, contract_of({**PARQUET, "rows_to_fix": "parquet"}))[1].rows_counted == 3


def test_the_dictionary_names_the_form_in_which_rows_go_back() -> None:
    assert "以 csv 退回" in Parquet.model_validate(PARQUET).describe()
