"""HJ 212 frames: both editions, checks, damaged, late and repeated ones, commands that carry no data."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from expectations.contract.formats.hj212 import Hj212
from expectations.domain_types import BREACHES_OF_EVERY_ROW
from expectations.rejections import DeliveryRejected
from spark_jobs.intake.formats import FORMATS, locate, write_rows_to_fix
from spark_jobs.intake.formats.hj212.crc import crc, crcs
from spark_jobs.intake.formats.hj212.write import frame
from spark_jobs.intake.formats.machinery.exported import RowToFix
from spark_jobs.intake.formats.machinery.rows import Place
from spark_jobs.receipts.names import correction_name
from tests.unit.intake.formats.decoding_cases import Decode, contract_of, decoded, is_partition

HJ212: dict[str, Any] = {"format": "hj212"}
HOURLY = (
    "##0348QN=20261101080000123;ST=32;CN=2061;PW=123456;MN=421200XN0000000000000001;Flag=4;CP=&&"
    "DataTime=20261101070000;w01018-Cou=1.20,w01018-Min=18.10,w01018-Avg=21.35,w01018-Max=25.02,w01018-Flag=N;"
    "w21003-Cou=0.06,w21003-Min=0.91,w21003-Avg=1.05,w21003-Max=1.22,w21003-Flag=N;"
    "w00000-Cou=56.20,w00000-Min=14.1,w00000-Avg=15.6,w00000-Max=17.0,w00000-Flag=N&&53C0"
)
"""An hourly frame of HJ 212-2017, its check worked out by another program."""
FIELDS = (
    *("QN", "ST", "CN", "PW", "MN", "Flag", "版本", "CP.DataTime", "因子"),
    *("因子-Rtd", "因子-Cou", "因子-Min", "因子-Avg", "因子-Max", "因子-Flag"),
)


def columns(*sources: str) -> list[dict[str, Any]]:
    return [
        {
            "source": source,
            "name": f"c{place}",
            "type": "string",
            "sensitivity": "open",
            "title_en": "C",
            "may_be_absent": True,
        }
        for place, source in enumerate(sources)
    ]


def rows(table: Any) -> list[dict[str, str | None]]:
    return [{source: row[f"c{place}"] for place, source in enumerate(FIELDS)} for row in table.to_pylist()]


def run(decode: Decode, *lines: str, **changed: Any) -> Any:
    return decode("".join(f"{line}\r\n" for line in lines).encode(), {**HJ212, **changed}, columns=columns(*FIELDS))


def test_the_check_is_the_standard_s_and_not_that_of_modbus() -> None:
    data = HOURLY[6:-4].encode()
    assert crc(data) == 0x53C0
    request = b"QN=20160801085857223;ST=32;CN=1062;PW=100000;MN=010000A8900016F000169DC0;Flag=5;CP=&&RtdInterval=30&&"
    assert f"{crc(request):04X}" == "1C80"


@given(parts=st.lists(st.binary(max_size=20), max_size=8))
def test_many_checks_at_once_are_those_of_each(parts: list[bytes]) -> None:
    def by_bits(data: bytes) -> int:
        register = 0xFFFF
        for byte in data:
            register = (register >> 8) ^ byte
            for _ in range(8):
                register = (register >> 1) ^ 0xA001 if register & 1 else register >> 1
        return register

    edges = [0]
    for part in parts:
        edges.append(edges[-1] + len(part))
    checks = [by_bits(part) for part in parts]
    assert crcs(b"".join(parts) + b"x", edges[:-1], edges[1:]) == checks
    assert [crc(part) for part in parts] == checks


def test_each_factor_of_a_frame_is_a_row(decode: Decode) -> None:
    table, accounting = run(decode, HOURLY)
    found = rows(table)
    assert [row["因子"] for row in found] == ["w01018", "w21003", "w00000"]
    assert found[1] == {
        "QN": "20261101080000123", "ST": "32", "CN": "2061", "PW": "123456", "MN": "421200XN0000000000000001",
        "Flag": "4", "版本": "2017", "CP.DataTime": "20261101070000", "因子": "w21003", "因子-Rtd": None,
        "因子-Cou": "0.06", "因子-Min": "0.91", "因子-Avg": "1.05", "因子-Max": "1.22", "因子-Flag": "N",
    }  # fmt: skip
    assert (accounting.rows_counted, table["_row_number"].to_pylist()) == (3, [1, 2, 3])
    assert set(table["_byte_offset"].to_pylist()) == {0}
    assert is_partition(accounting.ranges, len(HOURLY) + 2)


def test_a_frame_may_be_a_row(decode: Decode) -> None:
    content = f"{HOURLY}\r\n".encode()
    options = {**HJ212, "rows": "frame"}
    table, _ = decode(content, options, columns=columns("MN", "w01018-Avg", "w00000-Flag"), on_unknown_column="rescue")
    assert [table[f"c{place}"].to_pylist() for place in range(3)] == [["421200XN0000000000000001"], ["21.35"], ["N"]]


@pytest.mark.parametrize(("flag", "year"), [("0", "2005"), ("4", "2017"), ("5", "2017"), ("8", "2025"), ("9", "2025")])
def test_an_edition_is_told_by_the_bits_of_its_flag(decode: Decode, flag: str, year: str) -> None:
    table, _ = run(decode, frame(f"CN=2011;Flag={flag};CP=&&a-Rtd=1&&"))
    assert rows(table)[0]["版本"] == year


@pytest.mark.parametrize(
    ("line", "defect"),
    [
        pytest.param(HOURLY.replace("21.35", "21.36"), "frame_crc", id="a changed value"),
        pytest.param(HOURLY.replace("21.35", "1.35"), "frame_length", id="a lost character"),
        pytest.param(HOURLY[:-10], "frame_length", id="cut"),
        pytest.param(HOURLY[:-1] + "G", "frame_crc", id="a check that is none"),
        pytest.param(HOURLY[5:], "frame_malformed", id="no beginning"),
        pytest.param("##12", "frame_malformed", id="a beginning alone"),
        pytest.param("##0000", "frame_length", id="a length alone"),
        pytest.param(frame("CN=2011;CP=&&a-Rtd=1"), "frame_malformed", id="no end of what it carries"),
        pytest.param(frame("CN=2011;MN;CP=&&a-Rtd=1&&"), "frame_malformed", id="a field without a value"),
        pytest.param(frame("CN=2011;CP=&&a-Rtd=1,a-Rtd=2&&"), "frame_malformed", id="a value twice"),
    ],
)
def test_a_damaged_frame_is_one_row_with_its_own_reason(decode: Decode, line: str, defect: str) -> None:
    table, accounting = run(decode, HOURLY, line, HOURLY)
    assert table["_defect"].to_pylist() == [None] * 3 + [defect] + [None] * 3
    assert table["_raw"].to_pylist()[3] == line
    assert [part.kind for part in accounting.ranges] == ["records", "defective", "records"]
    assert defect in BREACHES_OF_EVERY_ROW


def test_real_traps_are_read(decode: Decode) -> None:
    lower = HOURLY[:-4] + HOURLY[-4:].lower()
    trailing = frame("CN=2011;CP=&&DataTime=20261101070000;a-Rtd=1;&&")
    table, _ = run(decode, lower, trailing)
    assert table["_defect"].null_count == 4
    misspelt = frame("CN=2011;CP=&&LA-td=55.0;LA-Flag=N&&")
    table, accounting = decode(misspelt.encode(), HJ212, columns=columns(*FIELDS), on_unknown_column="rescue")
    assert table["_rescued"].to_pylist() == ['{"因子-td":"55.0"}']
    assert accounting.rows_counted == 1


def test_late_and_repeated_frames_are_rows_like_others(decode: Decode) -> None:
    late = frame("QN=20261102080000000;CN=2061;MN=1;CP=&&DataTime=20261101070000;a-Avg=1&&")
    table, accounting = run(decode, late, late)
    assert [row["CP.DataTime"] for row in rows(table)] == ["20261101070000"] * 2
    assert accounting.rows_counted == 2


def test_commands_without_data_are_counted_and_make_no_rows(decode: Decode) -> None:
    table, accounting = run(decode, frame("CN=9015;CP=&&&&"), HOURLY, frame("CN=9014;CP=&&&&"))
    assert len(table) == 3
    assert [part.kind for part in accounting.ranges] == ["container", "records", "container"]
    assert any("2 帧" in note for note in accounting.notes)
    table, _ = run(decode, frame("CN=9015;CP=&&&&"), commands=["9015"])
    assert rows(table)[0]["因子"] is None


def test_frames_that_run_together_are_parted(tmp_path: Path) -> None:
    path, contract = tmp_path / "delivery", contract_of(HJ212, columns=columns(*FIELDS))
    path.write_text(f"\x7f{HOURLY}{HOURLY}\n\n{HOURLY}", "utf-8")
    table, accounting = decoded(path, contract)
    assert table["_defect"].to_pylist() == ["frame_malformed", *[None] * 9]
    assert is_partition(accounting.ranges, path.stat().st_size)
    places = zip(*(table[name].to_pylist() for name in ("_row_number", "_byte_offset", "_byte_length")), strict=True)
    assert [locate(path, contract, Place(*place)) for place in places][1:] == [HOURLY] * 9


def test_bytes_of_no_text_spoil_their_frame_alone(decode: Decode) -> None:
    content = HOURLY.encode() + b"\r\n##00\xff12\r\n" + HOURLY.encode() + b"\r\n"
    table, _ = decode(content, HJ212, columns=columns(*FIELDS))
    assert table["_raw"].to_pylist()[3] == "##00\\xff12"
    assert table["_defect"].null_count == 6


def test_a_file_without_any_frame_is_another(decode: Decode) -> None:
    with pytest.raises(DeliveryRejected, match="content_mismatch"):
        decode(b"MN,DataTime\n1,2\n", HJ212)


@pytest.mark.parametrize("content", [b"", b"\r\n\r\n"])
def test_a_file_without_records_is_said_to_be_one(decode: Decode, content: bytes) -> None:
    _, accounting = decode(content, HJ212)
    assert (accounting.rows_counted, "文件没有记录" in accounting.notes) == (0, True)
    assert is_partition(accounting.ranges, len(content))


def test_rows_go_back_as_a_table_and_are_taken_in_that_form(tmp_path: Path) -> None:
    pattern = r"frames_(?P<business_date>\d{8}).*\.(?:txt|csv)"
    contract = contract_of(HJ212, columns=columns(*FIELDS), arrival={"kind": "drop", "pattern": pattern})
    receipt = {"file": "frames_20261101.txt", "business_date": "2026-11-01", "delivery_id": "0123456789abcdef"}
    name = correction_name(receipt, contract)
    assert name == "frames_20261101_更正_01234567.csv"
    given_out = RowToFix(3, "原因", "建议", ("2026", *[None] * (len(FIELDS) - 1)))
    (path,) = write_rows_to_fix(contract, lambda _: tmp_path / name, [given_out])
    table, accounting = decoded(path, contract)
    assert (rows(table)[0]["QN"], accounting.is_correction) == ("2026", True)


def test_a_sample_puts_factors_of_one_moment_into_one_frame(tmp_path: Path) -> None:
    path, contract = (
        tmp_path / "sample.txt",
        contract_of(HJ212, columns=columns("MN", "CP.DataTime", "因子", "因子-Rtd")),
    )
    sources = [column.source for column in contract.columns]
    lines = [("1", "20261101070000", "a", "1"), ("1", "20261101070000", "b", "2"), ("1", "20261101080000", "a", "3")]
    FORMATS["hj212"].write_sample(path, contract.layout, sources, [dict(zip(sources, x, strict=True)) for x in lines])
    assert path.read_text("ascii").splitlines()[0][6:-4] == "MN=1;CP=&&DataTime=20261101070000;a-Rtd=1;b-Rtd=2&&"
    table, _ = decoded(path, contract)
    assert [tuple(row[f"c{place}"] for place in range(4)) for row in table.to_pylist()] == lines
    with pytest.raises(ValueError, match="parts fields"):
        FORMATS["hj212"].write_sample(path, contract.layout, ["MN"], [{"MN": "a;b"}])
    with pytest.raises(ValueError, match="does not fit a frame"):
        frame("x" * 10_000)


def test_the_dictionary_says_what_a_row_is() -> None:
    described = Hj212.model_validate({**HJ212, "compression": "gzip"}).describe()
    assert described.startswith(
        "HJ 212 报文（2017、2025 版），每行一帧，每帧每个因子一行，数据命令 2011、2031、2051、2061，gzip"
    )
