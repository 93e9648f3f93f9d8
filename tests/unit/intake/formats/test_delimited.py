"""Delimited text: RELIABILITY.md B01, B07 to B11, B18, B20, B24, B27 and B28 at the decoder."""

import csv
import gzip
import io
import json
from pathlib import Path
from typing import Any

import pyarrow.csv as pa_csv
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from expectations.contract.formats.csv import Csv
from expectations.rejections import DeliveryRejected
from spark_jobs.intake.formats.csv import decode as delimited
from spark_jobs.intake.formats.machinery import chunk
from spark_jobs.intake.formats.machinery.chunk import MAX_RECORD_BYTES
from spark_jobs.intake.formats.machinery.formula_text import escape_formula
from spark_jobs.intake.formats.machinery.header import FIX_COLUMNS
from tests.unit.intake.formats.decoding_cases import CSV, Decode, contract_of, decoded, is_partition

HEADER = "编号,姓名\n"
GB18030 = {**CSV, "encoding": "gb18030", "delimiter": "|"}


def rejection(decode: Decode, content: str | bytes, decoding: dict[str, Any] = CSV, **changes: Any) -> DeliveryRejected:
    with pytest.raises(DeliveryRejected) as rejected:
        decode(content.encode() if isinstance(content, str) else content, decoding, **changes)
    return rejected.value


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", HEADER.encode(), b"\n\n"])
def test_a_file_without_records_is_accounted_for(decode: Decode, content: bytes) -> None:
    _, accounting = decode(content)
    assert accounting.rows_counted == accounting.rows_parsed == 0
    assert accounting.notes
    assert is_partition(accounting.ranges, len(content))


@pytest.mark.parametrize("chunk_bytes", [8, 4096])
def test_a_title_may_stand_above_the_header(tmp_path: Path, chunk_bytes: int) -> None:
    content = "咸宁市名单,,\n\n制表：某局\n编号,姓名\n1,甲\n\n2,乙,丙\n".encode()
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    contract = contract_of({**CSV, "header_row": 3})
    decoder = delimited.DelimitedDecoder(path, contract, Csv(**CSV, header_row=4), chunk_bytes)
    rows = [row for batch in decoder.batches() for row in batch.to_pylist()]
    assert [(row["_row_number"], row["number"], row["_defect"]) for row in rows] == [
        (5, "1", None),
        (7, None, "too_many_fields"),
    ]
    accounting = decoder.accounting
    assert is_partition(accounting.ranges, len(content))
    assert {each.kind: each.rows for each in accounting.ranges} == {
        "header": 0,
        "blank": 0,
        "records": 1,
        "defective": 1,
    }


def test_rows_to_fix_have_no_title_above_their_header(decode: Decode) -> None:
    helpers = ["5", *[""] * (len(FIX_COLUMNS) - 1)]
    lines = [[*FIX_COLUMNS, "编号", "姓名"], [*helpers, "1", "甲"]]
    table, accounting = decode("".join(f"{','.join(line)}\n" for line in lines).encode(), {**CSV, "header_row": 3})
    assert accounting.is_correction
    assert table["number"].to_pylist() == ["1"]


def test_a_file_that_ends_above_its_header_has_no_records(decode: Decode) -> None:
    _, accounting = decode("名单\n".encode(), {**CSV, "header_row": 2})
    assert accounting.rows_counted == accounting.rows_parsed == 0
    assert accounting.notes
    assert is_partition(accounting.ranges, len("名单\n".encode()))


@pytest.mark.parametrize(
    ("encoding", "python"),
    [
        ("utf-8", "utf-8"),
        ("utf-8", "utf-8-sig"),
        ("utf-16", "utf-16-le"),
        ("utf-16", "utf-16-be"),
        ("gbk", "gbk"),
        ("gb18030", "gb18030"),
    ],
)
@pytest.mark.parametrize("terminator", ["\n", "\r\n"])
def test_every_encoding_gives_the_same_rows_and_places(
    decode: Decode, encoding: str, python: str, terminator: str
) -> None:
    names = ["王小明", "丂|", 'a"b', "x\ny", ""] + ([] if encoding == "gbk" else ["𠮷", "䶮"])
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator=terminator).writerows([["编号", "姓名"], *(["1", name] for name in names)])
    bom = "\ufeff" if encoding == "utf-16" else ""
    content = (bom + text.getvalue()).encode(python)
    table, accounting = decode(content, {**CSV, "encoding": encoding})
    assert table["person_name"].to_pylist() == names
    assert table["_row_number"].to_pylist() == list(range(2, 2 + len(names)))
    assert is_partition(accounting.ranges, len(content))
    width = "utf-8" if python == "utf-8-sig" else python
    for name, offset, length in zip(
        names, table["_byte_offset"].to_pylist(), table["_byte_length"].to_pylist(), strict=True
    ):
        record = content[offset : offset + length].decode(width)
        assert next(csv.reader(io.StringIO(record, newline=""))) == ["1", name]


def test_a_trail_byte_that_looks_like_the_delimiter_parts_nothing(decode: Decode) -> None:
    assert "亅".encode("gb18030")[1:] == b"|"
    table, _ = decode("编号|姓名\n1|亅\n".encode("gb18030"), GB18030)
    assert table["person_name"].to_pylist() == ["亅"]


def test_gb18030_of_2022_is_read_where_python_reads_that_of_2000(decode: Decode) -> None:
    content = "编号|姓名\n1|".encode("gb18030") + b"\xa8\xbc\xfe\x59\xfe\xa0\xa6\xd9\xa6\xda\xa6\xf3"
    table, _ = decode(content, GB18030)
    assert table["person_name"].to_pylist() == ["\u1e3f\u9fb4\u9fbb\ufe10\ufe12\ufe19"]


@pytest.mark.parametrize(
    ("encoding", "bad"),
    [
        pytest.param("utf-8", "王".encode("gbk"), id="GBK declared UTF-8"),
        pytest.param("gbk", "𠮷".encode("gb18030"), id="four bytes in GBK"),
        pytest.param("gb18030", b"\xff", id="never a lead byte"),
        pytest.param("gb18030", b"\x81\n", id="a line ends inside a character"),
        pytest.param("utf-8", "王".encode()[:2], id="the file ends inside a character"),
        pytest.param("utf-8", "\ufffd".encode(), id="U+FFFD in UTF-8"),
        pytest.param("gb18030", "\ufffd".encode("gb18030"), id="U+FFFD in GB 18030"),
    ],
)
def test_the_first_byte_that_cannot_be_read_is_named(decode: Decode, encoding: str, bad: bytes) -> None:
    good = "编号,姓名\n1,王小明\n2,".encode(encoding)
    found = rejection(decode, good + bad, {**CSV, "encoding": encoding})
    assert (found.code, found.details["offset"]) == ("encoding_invalid", len(good))


def test_utf_16_needs_its_byte_order_mark(decode: Decode) -> None:
    found = rejection(decode, HEADER.encode("utf-16-le"), {**CSV, "encoding": "utf-16"})
    assert (found.code, found.details["offset"]) == ("encoding_invalid", 0)


@pytest.mark.parametrize(
    ("record", "defect"),
    [
        pytest.param("1", "too_few_fields", id="too few"),
        pytest.param("1,甲,乙", "too_many_fields", id="too many"),
        pytest.param("1,a\0b", "control_character", id="NUL"),
        pytest.param("1,a\rb", "control_character", id="lone CR"),
        pytest.param('1,"a"b', "misplaced_quote", id="text after a closing quote"),
    ],
)
def test_a_defective_record_keeps_its_text_and_place(decode: Decode, record: str, defect: str) -> None:
    content = f"{HEADER}1,甲\n{record}\r\n2,乙\n".encode()
    table, accounting = decode(content)
    assert table["_defect"].to_pylist() == [None, defect, None]
    assert table["_raw"].to_pylist() == [None, record, None]
    assert table["number"].to_pylist() == ["1", None, "2"]
    assert [(r.kind, r.rows) for r in accounting.ranges] == [
        ("header", 0),
        ("records", 1),
        ("defective", 1),
        ("records", 1),
    ]
    assert is_partition(accounting.ranges, len(content))


def test_values_are_inert_and_unchanged(decode: Decode) -> None:
    values = ['=HYPERLINK("x")', "@a", "+1", "-1", "\ta", "＝1", "'; drop table x;--", "{{ 7*7 }}", "${jndi:ldap://x}"]
    values += ["NULL", "nan", " a ", "", "a\u2028b", "\ufeffa", "1e5", "'=1"]
    text = io.StringIO(newline="")
    csv.writer(text).writerows([["编号", "姓名"], *([value, value] for value in values)])
    table, _ = decode(text.getvalue().encode())
    assert table["number"].to_pylist() == table["person_name"].to_pylist() == values


def test_rows_to_fix_come_back_without_our_columns_and_escapes(decode: Decode) -> None:
    values = ["=1", "'=1", "''=1", "'a", "-5", "＝x", "plain"]
    text = io.StringIO(newline="")
    rows = ([v, escape_formula(v), "7", "错", "改"] for v in map(str, values))
    csv.writer(text).writerows([["编号", "姓名", "原行号", "错误原因", "处理建议"], *rows])
    table, accounting = decode(text.getvalue().encode())
    assert table["person_name"].to_pylist() == values
    assert any("原行号" in note for note in accounting.notes)


def test_columns_are_found_by_name_in_any_order(decode: Decode) -> None:
    table, _ = decode("姓名,编号\n甲,1\n".encode())
    assert table["number"].to_pylist() == ["1"]


@pytest.mark.parametrize("name", ["\u00a0姓名 ", "姓\u200b名", "\ufeff姓名"])
def test_a_header_with_invisible_characters_is_cleaned_and_noted(decode: Decode, name: str) -> None:
    table, accounting = decode(f'编号,"{name}"\n1,甲\n'.encode())
    assert table["person_name"].to_pylist() == ["甲"]
    assert any("姓名" in note for note in accounting.notes)


@pytest.mark.parametrize(
    ("header", "code"),
    [
        pytest.param("编号,名字", "missing_column", id="renamed"),
        pytest.param("编号", "missing_column", id="removed"),
        pytest.param("编号,姓名,姓名", "header_duplicate", id="twice"),
        pytest.param("编号,姓名,电话", "unknown_column", id="added"),
        pytest.param("编号,姓名,", "unknown_column", id="added without a name"),
        pytest.param("1,甲", "header_missing", id="no header"),
        pytest.param("编号,姓名\r1,甲\r2,乙", "line_ends", id="lines of an old Mac"),
        pytest.param(",".join(map(str, range(2001))), "too_many_columns", id="too many"),
    ],
)
def test_headers_that_are_not_the_contracts(decode: Decode, header: str, code: str) -> None:
    assert rejection(decode, f"{header}\n1,甲\n").code == code


def test_unknown_columns_are_rescued_where_the_contract_says_so(decode: Decode) -> None:
    table, accounting = decode('编号,电话,姓名\n1,"a""b",甲\n'.encode(), on_unknown_column="rescue")
    assert json.loads(table["_rescued"][0].as_py()) == {"电话": 'a"b'}
    assert any("电话" in note for note in accounting.notes)


def test_ignored_and_absent_columns(decode: Decode) -> None:
    columns = [c.model_dump() for c in contract_of(CSV).columns]
    columns[1]["may_be_absent"] = True
    table, _ = decode("备注,编号\nx,1\n".encode(), ignore=("备注",), columns=columns)
    assert table["person_name"].to_pylist() == [None]
    assert table["_rescued"].to_pylist() == [None]


def test_an_unclosed_quote_is_named_by_its_place(decode: Decode) -> None:
    content = f'{HEADER}1,甲\n2,"乙\n3,丙\n'.encode()
    found = rejection(decode, content)
    assert found.code == "unclosed_quote"
    assert (found.details["row"], found.details["offset"]) == (3, content.index(b'"'))


@pytest.mark.parametrize(("quote", "code"), [('"', "unclosed_quote"), ("", "record_too_large")])
def test_a_record_beyond_the_limit_is_refused(decode: Decode, quote: str, code: str) -> None:
    found = rejection(decode, f"{HEADER}1,{quote}".encode() + b"a" * (MAX_RECORD_BYTES + 10))
    assert found.code == code


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"PK\x03\x04rest", id="workbook"),
        pytest.param(b"<!DOCTYPE html><html>", id="HTML"),
        pytest.param(b"\n <HTML><body>", id="HTML in capitals"),
        pytest.param(b"MZ\x90\x00\x03", id="program"),
        pytest.param(b"%PDF-1.7", id="PDF"),
        pytest.param(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", id="old Office"),
        pytest.param(gzip.compress(b"x"), id="gzip not declared"),
    ],
)
def test_other_content_is_refused_before_decoding(decode: Decode, content: bytes) -> None:
    assert rejection(decode, content).code == "content_mismatch"


class TestGzip:
    GZIP = {**CSV, "compression": "gzip"}
    CONTENT = f"{HEADER}1,甲\n2,乙\n".encode()

    def test_bytes_of_file_and_stream_are_accounted_for(self, decode: Decode) -> None:
        packed = gzip.compress(self.CONTENT[:20]) + gzip.compress(self.CONTENT[20:])
        table, accounting = decode(packed, self.GZIP)
        assert table["person_name"].to_pylist() == ["甲", "乙"]
        assert [(r.kind, r.rows) for r in accounting.ranges] == [("container", 2)]
        assert is_partition(accounting.ranges, len(packed))
        assert accounting.stream_bytes == len(self.CONTENT)
        assert is_partition(accounting.stream_ranges, len(self.CONTENT))

    @pytest.mark.parametrize("cut", [5, 25, -1])
    def test_a_truncated_file_is_refused(self, decode: Decode, cut: int) -> None:
        assert rejection(decode, gzip.compress(self.CONTENT)[:cut], self.GZIP).code == "compression_damaged"

    def test_a_damaged_file_is_refused(self, decode: Decode) -> None:
        packed = bytearray(gzip.compress(self.CONTENT))
        packed[-6] ^= 0xFF
        assert rejection(decode, bytes(packed), self.GZIP).code == "compression_damaged"

    def test_a_file_that_is_not_compressed_is_refused(self, decode: Decode) -> None:
        assert rejection(decode, self.CONTENT, self.GZIP).code == "content_mismatch"

    def test_a_workbook_inside_is_refused(self, decode: Decode) -> None:
        assert rejection(decode, gzip.compress(b"PK\x03\x04"), self.GZIP).code == "content_mismatch"

    def test_a_bomb_is_refused(self, decode: Decode, monkeypatch: pytest.MonkeyPatch) -> None:
        # A small one is: 100 MB take seconds to make.
        monkeypatch.setattr("spark_jobs.intake.formats.machinery.gzip_stream.RATIO_APPLIES_ABOVE_BYTES", 1 << 20)
        line = b"1," + b"a" * 1021 + b"\n"
        packed = gzip.compress(HEADER.encode() + line * (5 << 10))
        assert rejection(decode, packed, self.GZIP).code == "archive_limits"


ANY_TEXT = st.text(alphabet=st.sampled_from('a1王𠮷",\n\r\t\0|\u2028'), max_size=60)


@settings(max_examples=200)
@given(
    text=ANY_TEXT,
    charset=st.sampled_from([("utf-8", "utf-8"), ("utf-8", "utf-8-sig"), ("gb18030", "gb18030"), ("utf-16", "utf-16")]),
    chunk_bytes=st.sampled_from([7, 64]),
)
def test_any_text_is_partitioned_and_counted(
    tmp_path_factory: pytest.TempPathFactory, text: str, charset: tuple[str, str], chunk_bytes: int
) -> None:
    content = (HEADER + text).encode(charset[1])
    path = tmp_path_factory.getbasetemp() / "any.csv"
    path.write_bytes(content)
    decoder = delimited.DelimitedDecoder(
        path,
        contract_of({**CSV, "encoding": charset[0]}),
        Csv(format="csv", encoding=charset[0]),
        chunk_bytes,
    )
    try:
        rows = sum(batch.num_rows for batch in decoder.batches())
    except DeliveryRejected as rejected:
        assert rejected.code == "unclosed_quote"
        assert content[int(str(rejected.details["offset"])) :].lstrip(b"\0").startswith(b'"')
        return
    assert rows == decoder.accounting.rows_counted == sum(r.rows for r in decoder.accounting.ranges)
    assert is_partition(decoder.accounting.ranges, len(content))


@pytest.mark.parametrize(("chunk_bytes", "lines"), [(32, 400_000), (1 << 20, 3), (200, 1)])
def test_chunks_change_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chunk_bytes: int, lines: int) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes("".join([HEADER, *(f'{n},"a\n{n}"\n{n}\n\n' for n in range(50))]).encode("gb18030"))
    contract = contract_of({**CSV, "encoding": "gb18030"})
    whole = decoded(path, contract)
    monkeypatch.setattr(chunk, "MAX_LINES", lines)
    decoder = delimited.DelimitedDecoder(path, contract, Csv(format="csv", encoding="gb18030"), chunk_bytes)
    parts = [row for batch in decoder.batches() for row in batch.to_pylist()]
    assert sorted(parts, key=lambda row: int(row["_row_number"])) == whole[0].to_pylist()
    assert decoder.accounting == whole[1]


def test_a_parser_that_loses_a_row_is_found_out(decode: Decode, monkeypatch: pytest.MonkeyPatch) -> None:
    read = pa_csv.read_csv
    monkeypatch.setattr(pa_csv, "read_csv", lambda *args, **options: read(*args, **options).slice(1))
    found = rejection(decode, f"{HEADER}1,甲\n2,乙\n")
    assert (found.code, found.details) == ("counters_disagree", {"counted": 2, "parsed": 1})
