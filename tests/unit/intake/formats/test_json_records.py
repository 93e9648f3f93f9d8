"""JSON documents and JSON lines: RELIABILITY.md B31 at the decoder."""

import gzip
import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from expectations.rejections import DeliveryRejected
from tests.unit.intake.formats.decoding_cases import Decode, contract_of, decoded, is_partition

JSON = {"format": "json"}
LINES = {"format": "jsonl", "encoding": "utf-8"}
GOOD = '{"编号": "1", "姓名": "甲"}'
NUMERIC = [
    {"source": "编号", "name": "number", "type": "integer", "sensitivity": "open", "title_en": "Number"},
    {"source": "姓名", "name": "person_name", "type": "string", "sensitivity": "direct", "title_en": "Name"},
]


def rejection(decode: Decode, content: str | bytes, decoding: dict[str, str], **changes: object) -> DeliveryRejected:
    with pytest.raises(DeliveryRejected) as rejected:
        decode(content.encode() if isinstance(content, str) else content, decoding, **changes)
    return rejected.value


@pytest.mark.parametrize(
    ("value", "text"),
    [
        pytest.param("9223372036854775807", "9223372036854775807", id="nineteen digits"),
        pytest.param("1.10", "1.10", id="decimal as written"),
        pytest.param("1e400", "1e400", id="no float holds it"),
        pytest.param("true", "true", id="boolean"),
        pytest.param("null", None, id="null"),
        pytest.param('""', "", id="empty"),
        pytest.param('"a\\n\\u4e00"', "a\n一", id="escapes"),
        pytest.param('[1.10, {"a": "咸"}]', '[1.10,{"a":"咸"}]', id="a list in a text column"),
    ],
)
@pytest.mark.parametrize("decoding", [JSON, LINES])
def test_values_become_text_without_loss(
    decode: Decode, decoding: dict[str, str], value: str, text: str | None
) -> None:
    record = f'{{"编号": "1", "姓名": {value}}}'
    table, _ = decode((f"[{record}]" if decoding is JSON else record).encode(), decoding)
    assert table["person_name"].to_pylist() == [text]
    assert table["_defect"].to_pylist() == [None]


@pytest.mark.parametrize(
    ("record", "defect"),
    [
        pytest.param('{"编号": "1", "编号": "2"}', "malformed_record", id="key twice"),
        pytest.param('{"编号": NaN}', "malformed_record", id="NaN"),
        pytest.param('{"编号": -Infinity}', "malformed_record", id="Infinity"),
        pytest.param('{"编号": {"a": 1}}', "malformed_record", id="nested in a column that is no text"),
        pytest.param("[1, 2]", "malformed_record", id="array"),
        pytest.param("17", "malformed_record", id="number"),
        pytest.param('"a]b"', "malformed_record", id="text"),
        pytest.param('{"姓名": ' + "[" * 200_000 + "]" * 200_000 + "}", "malformed_record", id="deep"),
        pytest.param("[" * 200_000 + "]" * 200_000, "malformed_record", id="nothing but brackets"),
        pytest.param('{"姓名": "\\ud800"}', "control_character", id="half a surrogate pair"),
        pytest.param('{"姓名": "\\ufffd"}', "control_character", id="U+FFFD"),
        pytest.param('{"姓名": "\\u0000"}', "control_character", id="NUL"),
    ],
)
@pytest.mark.parametrize("decoding", [JSON, LINES])
def test_records_that_are_no_flat_objects_are_defective(
    decode: Decode, decoding: dict[str, str], record: str, defect: str
) -> None:
    content = f"[{GOOD}, {record}]" if decoding is JSON else f"{GOOD}\n{record}\n"
    table, accounting = decode(content.encode(), decoding, columns=NUMERIC)
    assert table["_defect"].to_pylist() == [None, defect]
    assert table["_raw"][1].as_py() == record
    assert accounting.rows_counted == accounting.rows_parsed == 2
    assert is_partition(accounting.ranges, len(content.encode()))


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(f"[{GOOD}] x", id="trailing garbage"),
        pytest.param(f"[{GOOD}][{GOOD}]", id="two documents"),
        pytest.param(f"[{GOOD}", id="no end"),
        pytest.param(f"[{GOOD},]", id="trailing comma"),
        pytest.param(f"[{GOOD} {GOOD}]", id="no comma"),
        pytest.param("[,]", id="no value"),
        pytest.param('[{"编号": "1",}]', id="fault in a record"),
        pytest.param('[{"编号": "1}]', id="unclosed string"),
        pytest.param(GOOD, id="no array"),
        pytest.param('{"data": 1}', id="array elsewhere"),
        pytest.param("[", id="only a bracket"),
        pytest.param(f'{{"data": [{GOOD}], "data": {GOOD}}}', id="a record without its array"),
        pytest.param("[" * 200_000, id="brackets alone"),
        pytest.param(
            '{"n": ' + "[" * 200_000 + "]" * 200_000 + f', "data": [{GOOD}]}}', id="nested beside the records"
        ),
        pytest.param(f'{{"data": [{GOOD}]]', id="other bracket"),
        pytest.param(f'{{"a": 01, "data": [{GOOD}]}}', id="leading zero"),
        pytest.param(f'{{"a": NaN, "data": [{GOOD}]}}', id="NaN beside the records"),
        pytest.param(f'{{"a": "\t", "data": [{GOOD}]}}', id="control character beside the records"),
        pytest.param(f'{{"a" "b", "data": [{GOOD}]}}', id="no colon"),
        pytest.param(f'{{"a": 1,, "data": [{GOOD}]}}', id="comma twice"),
        pytest.param(f'{{"data": [{GOOD}],}}', id="comma at the end"),
        pytest.param('{"data": null}', id="nothing at all"),
    ],
)
@pytest.mark.parametrize("records", ["item", "data.item"])
def test_faults_of_syntax_refuse_the_document(decode: Decode, content: str, records: str) -> None:
    assert rejection(decode, content, {**JSON, "records": records}).code == "json_malformed"


def test_the_place_of_a_fault_is_named(decode: Decode) -> None:
    content = f'[{GOOD},{{"姓名": "甲" "乙"}}]'
    assert rejection(decode, content, JSON).details["offset"] == len(content[: content.index('"乙"')].encode())


def test_the_array_may_be_inside_an_object(decode: Decode) -> None:
    content = f'{{"code": 0, "list": [1], "data": {{"rows": [{GOOD}, {GOOD}], "n": 2}}, "more": []}}'.encode()
    table, accounting = decode(content, {**JSON, "records": "data.rows.item"})
    assert table.num_rows == 2
    assert is_partition(accounting.ranges, len(content))


@pytest.mark.parametrize(
    ("records", "document"),
    [
        pytest.param("data.item", '{"data": [R, R], "data": [R]}', id="key twice"),
        pytest.param("data.item", '{"data": [R], "more": [{}, 1], "data": [], "data": [R,R]}', id="key thrice"),
        pytest.param("data.item", '{"d\\u0061ta": [R, R], "data":null, "data" : [R]}', id="key written otherwise"),
        pytest.param("a.b.item", '{"a": {"b": [R]}, "a": {"c": [R], "b": [R], "b": [R]}}', id="keys on the way twice"),
        pytest.param(
            "a.item.b.item", '{"a": [{"b": [R]}, 1, {"b": []}, {"b": [R], "b": [R]}]}', id="arrays on the way"
        ),
        pytest.param("item.item", "[[R, R], [R], []]", id="arrays in an array"),
    ],
)
def test_every_element_that_is_addressed_is_a_record(decode: Decode, records: str, document: str) -> None:
    content = document.replace("R", GOOD).encode()
    table, accounting = decode(content, {**JSON, "records": records})
    assert table["_row_number"].to_pylist() == [1, 2, 3]
    assert table["person_name"].to_pylist() == ["甲"] * 3
    assert is_partition(accounting.ranges, len(content))
    others = b"".join(content[r.start : r.end] for r in accounting.ranges if r.kind == "container")
    assert others.count(GOOD.encode()) == document.count('"c"')


def test_objects_of_other_arrays_are_named_in_the_receipt(decode: Decode) -> None:
    _, accounting = decode(f'{{"data": [{GOOD}], "Data": [{GOOD}, {GOOD}]}}'.encode(), {**JSON, "records": "data.item"})
    assert any("另有 2 个" in note for note in accounting.notes)


@pytest.mark.parametrize("digits", [19, 100_000])
@pytest.mark.parametrize("decoding", [JSON, LINES])
def test_digits_are_kept_however_many(decode: Decode, decoding: dict[str, str], digits: int) -> None:
    record = f'{{"编号": {"9" * digits}, "姓名": "甲"}}'
    table, _ = decode((f"[{record}]" if decoding is JSON else record).encode(), decoding)
    assert table["number"].to_pylist() == ["9" * digits]
    beside = f'{{"n": {"9" * digits}, "data": [{GOOD}]}}'
    assert decode(beside.encode(), {**JSON, "records": "data.item"})[0].num_rows == 1


def test_names_that_no_file_can_hold_are_shown_as_escapes(decode: Decode) -> None:
    refused = rejection(decode, f'[{GOOD}, {{"\\ud800\\u001b": 1}}]', JSON)
    assert refused.code == "unknown_column"
    assert "\\ud800" in refused.message
    assert refused.message.isprintable()


def test_keys_without_end_are_refused(decode: Decode) -> None:
    content = "\n".join(f'{{"编号": "1", "姓名": "甲", "k{n}": 1}}' for n in range(2001))
    assert rejection(decode, content, LINES, on_unknown_column="rescue").code == "too_many_columns"


def test_offsets_locate_each_record(decode: Decode) -> None:
    for content, decoding in ((f"[ {GOOD} ,\n{GOOD}]", JSON), (f"{GOOD}\r\n\n{GOOD}", LINES)):
        raw = content.encode()
        table, _ = decode(raw, decoding)
        for offset, length in zip(table["_byte_offset"].to_pylist(), table["_byte_length"].to_pylist(), strict=True):
            assert raw[offset : offset + length].decode() == GOOD


def test_a_line_with_a_fault_is_defective_alone(decode: Decode) -> None:
    table, accounting = decode(f"{GOOD}\n{{oops\n\n{GOOD}\n".encode(), LINES)
    assert table["_defect"].to_pylist() == [None, "malformed_record", None]
    assert table["_row_number"].to_pylist() == [1, 2, 4]
    assert [r.kind for r in accounting.ranges] == ["records", "defective", "blank", "records"]


def test_unknown_keys_are_refused_or_rescued(decode: Decode) -> None:
    content = '[{"编号": "1", "姓名": "甲", "电话": 5.0}]'
    assert rejection(decode, content, JSON).code == "unknown_column"
    table, accounting = decode(content.encode(), JSON, on_unknown_column="rescue")
    assert json.loads(table["_rescued"][0].as_py()) == {"电话": 5.0}
    assert any("电话" in note for note in accounting.notes)
    assert decode(content.encode(), JSON, ignore=("电话",))[0]["_rescued"].to_pylist() == [None]


def test_a_key_that_no_record_has_is_a_missing_column(decode: Decode) -> None:
    assert rejection(decode, '[{"编号": "1"}]', JSON).code == "missing_column"


def test_compressed_lines_are_accounted_for_in_the_stream(decode: Decode) -> None:
    content = f"{GOOD}\n{GOOD}\n".encode()
    packed = gzip.compress(content)
    _, accounting = decode(packed, {**LINES, "compression": "gzip"})
    assert is_partition(accounting.ranges, len(packed))
    assert accounting.stream_bytes == len(content)
    assert is_partition(accounting.stream_ranges, len(content))


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16"])
def test_a_document_in_another_encoding(decode: Decode, encoding: str) -> None:
    content = f"[{GOOD}]".encode(encoding)
    table, accounting = decode(content, {**JSON, "encoding": encoding})
    assert table["person_name"].to_pylist() == ["甲"]
    assert is_partition(accounting.ranges, len(content))


def test_an_invalid_byte_is_located(decode: Decode) -> None:
    content = f"[{GOOD}".encode() + b"\xff]"
    for decoding in (JSON, LINES):
        sent = content if decoding is JSON else content[1:]
        found = rejection(decode, sent, decoding)
        assert (found.code, found.details["offset"]) == ("encoding_invalid", sent.index(b"\xff"))


JSON_TEXT = st.text(alphabet=st.sampled_from('a"\\[]{},:咸 '), max_size=8)


@given(values=st.lists(JSON_TEXT, max_size=6), indent=st.sampled_from([None, 1]))
@example(values=['}]"'], indent=None)
@example(values=['}"'], indent=None)
def test_strings_cannot_confuse_the_counter(
    tmp_path_factory: pytest.TempPathFactory, values: list[str], indent: int | None
) -> None:
    content = json.dumps([{"编号": v, "姓名": v} for v in values], ensure_ascii=False, indent=indent).encode()
    path = tmp_path_factory.getbasetemp() / "any.json"
    path.write_bytes(content)
    table, accounting = decoded(path, contract_of(JSON))
    assert (table["number"].to_pylist() if values else []) == values
    assert is_partition(accounting.ranges, len(content))
