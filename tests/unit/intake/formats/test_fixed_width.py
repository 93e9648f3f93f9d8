"""Lines of fixed width in bytes: RELIABILITY.md B31 at the decoder, and what only such files have."""

import gzip
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from expectations.contract.formats.fixed_width import FixedWidth
from expectations.rejections import DeliveryRejected
from spark_jobs.intake.formats import FORMATS, locate, write_rows_to_fix
from spark_jobs.intake.formats.fixed_width import to_fix
from spark_jobs.intake.formats.fixed_width.decode import FixedWidthDecoder
from spark_jobs.intake.formats.machinery.exported import RowToFix
from spark_jobs.intake.formats.machinery.rows import Place
from tests.fuzz.decoding import check
from tests.unit.intake.formats.decoding_cases import Decode, contract_of, decoded, is_partition

FIELDS = {"编号": 4, "姓名": 8}
GBK = {"format": "fixed_width", "encoding": "gbk", "fields": FIELDS}
GB18030 = {**GBK, "encoding": "gb18030"}
UTF8 = {**GBK, "encoding": "utf-8"}


def line(number: str, name: str, encoding: str = "gbk") -> bytes:
    return number.encode(encoding).ljust(4) + name.encode(encoding).ljust(8)


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
@pytest.mark.parametrize("last", [True, False])
def test_a_width_counts_bytes_not_characters(decode: Decode, end: bytes, last: bool) -> None:
    content = end.join([line("1", "王小明"), line("22", "欧阳娜娜"), line("3", "A")]) + (end if last else b"")
    table, accounting = decode(content, GBK)
    assert table["number"].to_pylist() == ["1", "22", "3"]
    assert table["person_name"].to_pylist() == ["王小明", "欧阳娜娜", "A"]
    assert table["_row_number"].to_pylist() == [1, 2, 3]
    assert table["_byte_length"].to_pylist() == [12, 12, 12]
    assert accounting.rows_counted == accounting.rows_parsed == 3
    assert is_partition(accounting.ranges, len(content))


def test_a_name_of_four_byte_characters_takes_four_bytes_each(decode: Decode) -> None:
    table, _ = decode(line("1", "王𬱖𠮷"[:2], "gb18030") + b"\n", GB18030)
    assert table["person_name"].to_pylist() == ["王𬱖"]


def test_characters_that_gb18030_of_2000_had_elsewhere_are_those_of_2022(decode: Decode) -> None:
    table, _ = decode(line("1", "䶮\ue78d", "gb18030") + b"\n", GB18030)
    assert table["person_name"].to_pylist() == ["䶮\ufe10"]


@pytest.mark.parametrize(
    ("padding", "field", "value"),
    [
        pytest.param(" ", "张三    ", "张三", id="after the value"),
        pytest.param(" ", "    12.5", "12.5", id="before the value"),
        pytest.param(" ", "  a b   ", "a b", id="blanks within stay"),
        pytest.param(" ", "        ", "", id="an empty field"),
        pytest.param(" ", "\ta      ", "\ta", id="a tab is no padding"),
        pytest.param("#", "##a b ##", "a b ", id="another padding"),
    ],
)
def test_padding_is_no_part_of_a_value(decode: Decode, padding: str, field: str, value: str) -> None:
    table, _ = decode(b"1".ljust(4, padding.encode()) + field.encode("gbk"), {**GBK, "padding": padding})
    assert table["person_name"].to_pylist() == [value]


@pytest.mark.parametrize(
    ("record", "defect"),
    [
        pytest.param(line("1", "甲")[:-1], "too_few_fields", id="a byte short"),
        pytest.param(line("1", "甲") + b" ", "too_many_fields", id="a byte over"),
        pytest.param(line("1", "甲") * 2, "too_many_fields", id="two records on a line"),
        pytest.param(b" ", "too_few_fields", id="a blank alone"),
        pytest.param("123王小".encode("gbk").ljust(12), "malformed_record", id="a character across the edge"),
        pytest.param(b"1   a\x00b     ", "control_character", id="NUL"),
        pytest.param(b"1   a\rb     ", "control_character", id="a carriage return alone"),
        pytest.param(b"1   a\x00b", "control_character", id="NUL in a line that is short too"),
    ],
)
def test_a_line_that_cannot_be_parted_is_defective_alone(decode: Decode, record: bytes, defect: str) -> None:
    content = b"\n".join([line("1", "王小明"), record, b"", line("4", "李四")]) + b"\n"
    table, accounting = decode(content, GBK)
    assert table["_defect"].to_pylist() == [None, defect, None]
    assert table["_raw"].to_pylist() == [None, record.decode("gbk"), None]
    assert table["number"].to_pylist() == ["1", None, "4"]
    assert table["_row_number"].to_pylist() == [1, 2, 4]
    assert [r.kind for r in accounting.ranges] == ["records", "defective", "blank", "records"]
    assert is_partition(accounting.ranges, len(content))


@pytest.mark.parametrize("before", [1, 2, 3])
def test_a_character_of_four_bytes_may_be_cut_anywhere(decode: Decode, before: int) -> None:
    cut = (b"1234"[: 4 - before] + "𠮷".encode("gb18030")).ljust(12)
    table, _ = decode(b"\n".join([cut, line("2", "甲"), cut, cut, line("5", "乙")]), GB18030)
    assert table["_defect"].to_pylist() == ["malformed_record", None, "malformed_record", "malformed_record", None]
    assert table["person_name"].to_pylist() == [None, "甲", None, None, "乙"]


def test_a_character_of_utf_8_may_be_cut_too(decode: Decode) -> None:
    table, _ = decode(b"\n".join(["12甲".encode().ljust(12), line("2", "甲", "utf-8")]), UTF8)
    assert table["_defect"].to_pylist() == ["malformed_record", None]


@pytest.mark.parametrize(
    ("record", "text", "defect"),
    [
        pytest.param(b"123\xcd12345678", "123\\xcd12345678", "malformed_record", id="digits after it"),
        pytest.param(b"1   abcdefg\xcd", "1   abcdefg\\xcd", "malformed_record", id="the line's end after it"),
        pytest.param(b"12\xcd\xf5".ljust(11) + b"\xcd", None, "malformed_record", id="a whole character before"),
        pytest.param(b"1   abc\xcd", "1   abc\\xcd", "too_few_fields", id="a line that is short too"),
    ],
)
@pytest.mark.parametrize("options", [GBK, GB18030])
def test_half_a_character_at_an_edge_spoils_its_line_alone(
    decode: Decode, options: dict[str, Any], record: bytes, text: str | None, defect: str
) -> None:
    content = b"\n".join([line("1", "甲"), record, line("3", "乙")])
    table, accounting = decode(content, options)
    assert table["_defect"].to_pylist() == [None, defect, None]
    assert text is None or table["_raw"].to_pylist()[1] == text
    assert is_partition(accounting.ranges, len(content))


def test_a_damaged_text_refuses_the_file_at_its_place(decode: Decode) -> None:
    content = line("1", "甲", "utf-8") + b"\n" + line("2", "a\ufffd", "utf-8")
    with pytest.raises(DeliveryRejected) as rejected:
        decode(content, UTF8)
    assert (rejected.value.code, rejected.value.details["offset"]) == ("encoding_invalid", 13 + 5)


@pytest.mark.parametrize("record", [b"2   \xff" + b" " * 7, b"2   \xff  ", b"2   \xff\x01" + b" " * 6])
def test_bytes_of_no_character_refuse_the_file_at_their_place(decode: Decode, record: bytes) -> None:
    content = line("1", "甲") + b"\n" + record + b"\n"
    with pytest.raises(DeliveryRejected) as rejected:
        decode(content, GBK)
    assert (rejected.value.code, rejected.value.details["offset"]) == ("encoding_invalid", content.index(b"\xff"))


def test_compressed_lines_are_accounted_for_in_the_stream(decode: Decode) -> None:
    content = line("1", "王小明") + b"\n" + line("2", "甲") + b"\n"
    packed = gzip.compress(content)
    table, accounting = decode(packed, {**GBK, "compression": "gzip"})
    assert table["person_name"].to_pylist() == ["王小明", "甲"]
    assert is_partition(accounting.ranges, len(packed))
    assert is_partition(accounting.stream_ranges, len(content))


def test_a_byte_order_mark_is_no_part_of_the_first_field(decode: Decode) -> None:
    table, accounting = decode("\ufeff".encode() + line("1", "甲", "utf-8"), UTF8)
    assert table["number"].to_pylist() == ["1"]
    assert table["_byte_offset"].to_pylist() == [3]
    assert [r.kind for r in accounting.ranges] == ["bom", "records"]


@pytest.mark.parametrize("content", [b"", b"\r\n\r\n"])
def test_a_file_without_records_is_said_to_be_one(decode: Decode, content: bytes) -> None:
    _, accounting = decode(content, GBK)
    assert (accounting.rows_counted, "文件没有记录" in accounting.notes) == (0, True)
    assert is_partition(accounting.ranges, len(content))


def test_an_ignored_column_has_its_place_and_no_more(decode: Decode) -> None:
    options = {**GBK, "fields": {"编号": 4, "备注": 3, "姓名": 8}}
    table, _ = decode(b"1   xyz" + "甲".encode("gbk").ljust(8), options, ignore=("备注",))
    assert (table["number"].to_pylist(), table["person_name"].to_pylist()) == (["1"], ["甲"])
    assert "xyz" not in str(table.to_pylist())


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"fields": {"编号": 4}}, "does not say where these columns are: 姓名"),
        ({"fields": {**FIELDS, "年龄": 3}}, "neither a column nor ignored: 年龄"),
        ({"fields": {**FIELDS, "编号": 0}}, "greater than or equal to 1"),
        ({"fields": {}}, "at least 1 item"),
        ({"padding": "0"}, "no letter, digit"),
        ({"padding": "\t"}, "no letter, digit"),
        ({"encoding": "utf-16"}, "'utf-8', 'gbk' or 'gb18030'"),
    ],
)
def test_a_contract_says_where_each_column_is(changed: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        contract_of({**GBK, **changed})


def test_the_dictionary_gives_a_supplier_all_that_a_line_needs() -> None:
    described = FixedWidth.model_validate({**GBK, "compression": "gzip"}).describe()
    assert described == "定长文本，gbk，无表头，每行 12 字节，以空格填充，gzip 压缩；各字段字节数：编号 4、姓名 8"


@pytest.mark.parametrize("name", ["诸葛亮亮亮", " 甲", "甲 ", "甲\n乙", "甲\r"])
def test_a_sample_with_a_value_that_fits_no_field_is_not_written(tmp_path: Path, name: str) -> None:
    contract = contract_of(GBK)
    with pytest.raises(ValueError, match="^姓名: a value") as refused:
        FORMATS["fixed_width"].write_sample(
            tmp_path / "sample", contract.layout, list(FIELDS), [{"编号": "1", "姓名": name}]
        )
    assert name.strip() not in str(refused.value)


def test_a_record_is_found_again_as_its_whole_line(tmp_path: Path) -> None:
    path, contract = tmp_path / "delivery", contract_of(GBK)
    path.write_bytes(line("1", "王小明") + b"\r\n" + line("2", "甲") + b"\r\n")
    assert locate(path, contract, Place(2, 14, 12)) == "2   甲      "


def fix(folder: Path, names: list[str], **changed: Any) -> list[Path]:
    rows = [RowToFix(number, "姓名：过长", "请改正", (str(number), name)) for number, name in enumerate(names, 1)]
    return write_rows_to_fix(contract_of({**GBK, **changed}), lambda part: folder / f"fix{part}.txt", rows)


def test_rows_to_fix_say_in_their_first_line_how_wide_their_fields_are(tmp_path: Path) -> None:
    (path,) = fix(tmp_path, ["王小明", "阿卜杜热合曼·买买提"])
    head, *lines = path.read_bytes().split(b"\r\n")
    assert head.decode("gbk") == (
        '待更正数据，各字段字节数：{"原行号": 1, "错误原因": 10, "处理建议": 6, "编号": 4, "姓名": 20}'
    )
    assert lines[0].decode("gbk") == "1姓名：过长请改正1   王小明              "
    assert {len(each) for each in lines[:-1]} == {41}
    table, accounting = decoded(path, contract_of(GBK))
    assert table["person_name"].to_pylist() == ["王小明", "阿卜杜热合曼·买买提"]
    assert [r.kind for r in accounting.ranges] == ["header", "records"]
    assert table["_row_number"].to_pylist() == [2, 3]


def test_a_value_of_great_length_widens_its_own_file_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(to_fix, "MAX_FILE_BYTES", 200)
    names = ["甲", "乙", "长" * 300, "丙", "丁"]
    paths = fix(tmp_path, names)
    assert [path.stat().st_size > 600 for path in paths] == [False, True, False]
    contract = contract_of(GBK)
    assert [name for path in paths for name in decoded(path, contract)[0]["person_name"].to_pylist()] == names


def test_no_rows_to_fix_are_a_file_without_any(tmp_path: Path) -> None:
    (path,) = fix(tmp_path, [])
    _, accounting = decoded(path, contract_of(GBK))
    assert (accounting.rows_counted, accounting.is_correction) == (0, True)


@pytest.mark.parametrize(
    "widths",
    [
        '{"原行号": 1',
        "[1, 2]",
        '{"编号": 0}',
        '{"编号": true}',
        '{"编号": 1e3}',
        '{"编号": 99999999999}',
        "",
        "7",
        '"x"',
    ],
)
def test_a_first_line_that_cannot_be_read_refuses_the_file(decode: Decode, widths: str) -> None:
    content = f"待更正数据，各字段字节数：{widths}\n".encode("gbk") + line("1", "甲")
    with pytest.raises(DeliveryRejected, match="header_missing"):
        decode(content, GBK)


def test_a_column_twice_in_the_first_line_is_refused(decode: Decode) -> None:
    content = '待更正数据，各字段字节数：{"编号": 4, "编号": 4, "姓名": 4}\n'.encode("gbk")
    with pytest.raises(DeliveryRejected, match="header_duplicate"):
        decode(content, GBK)


RECORDS = st.lists(
    st.binary(max_size=14).map(lambda raw: raw.translate(None, b"\r\n"))
    | st.text(st.sampled_from("1a 甲乙𠮷é"), max_size=7).map(lambda text: text.encode("gb18030").ljust(12)),
    max_size=8,
)


@given(records=RECORDS, chunk_bytes=st.integers(1, 40), end=st.sampled_from([b"\n", b"\r\n"]))
def test_any_lines_come_out_as_a_reader_of_one_line_at_a_time_has_them(
    tmp_path_factory: pytest.TempPathFactory, records: list[bytes], chunk_bytes: int, end: bytes
) -> None:
    texts = [record.decode("gb18030", "replace") for record in records]
    records = [line("0", "甲"), *(text.replace("\ufffd", "?").encode("gb18030") for text in texts)]
    path = tmp_path_factory.getbasetemp() / "any.txt"
    path.write_bytes(b"".join(record + end for record in records))
    contract = contract_of(GB18030)
    decoder = FixedWidthDecoder(path, contract, contract.layout, chunk_bytes)  # type: ignore[arg-type]
    rows = {row["_row_number"]: row for batch in decoder.batches() for row in batch.to_pylist()}
    assert {number: found(row) for number, row in rows.items()} == {
        number: expected(record) for number, record in enumerate(records, 1) if record
    }
    assert decoder.accounting.rows_counted == decoder.accounting.rows_parsed == len(rows)
    assert is_partition(decoder.accounting.ranges, path.stat().st_size)


def found(row: dict[str, Any]) -> object:
    return row["_defect"] or (row["number"], row["person_name"])


def expected(record: bytes) -> object:
    if any(byte < 0x20 and byte != 0x09 for byte in record):
        return "control_character"
    if len(record) != 12:
        return "too_few_fields" if len(record) < 12 else "too_many_fields"
    try:
        return tuple(part.decode("gb18030").strip(" ") for part in (record[:4], record[4:]))
    except UnicodeDecodeError:
        return "malformed_record"


PIECES = st.sampled_from(
    [b"1   ", b"12", "甲".encode("gbk"), "甲".encode(), "𠮷".encode("gb18030"), b"\xcd", b"\xff", b"\x81\x30", b"\x00"]
    + [b"\r", b"\n", b"\r\n", b" " * 8, b"#", "\ufffd".encode(), "\ufffd".encode("gb18030"), "\ufeff".encode()]
    + [
        '待更正数据，各字段字节数：{"原行号": 1, "编号": 2, "姓名": 3, "约定之外的列": 1}\n'.encode("gbk"),
        b"'=",
        b"_x0000_",
    ]
)


@settings(max_examples=300)
@given(options=st.sampled_from([GBK, GB18030, UTF8]), pieces=st.lists(PIECES | st.binary(max_size=12), max_size=12))
def test_any_bytes_end_in_rows_that_add_up_or_in_a_rejection(
    tmp_path_factory: pytest.TempPathFactory, options: dict[str, Any], pieces: list[bytes]
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.bytes"
    path.write_bytes(b"".join(pieces))
    check(path, contract_of(options, on_unknown_column="rescue"))
