"""XML documents: records by their path, what repeats in them, and documents that nobody should have sent."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from expectations.contract.feed import FeedContract
from expectations.contract.formats.xml import Xml
from expectations.rejections import DeliveryRejected
from spark_jobs.intake.formats import FORMATS, locate, write_rows_to_fix
from spark_jobs.intake.formats.machinery.exported import RowToFix
from spark_jobs.intake.formats.machinery.rows import Place
from spark_jobs.intake.formats.xml import records as xml_records
from spark_jobs.intake.formats.xml.elements import RecordElements
from tests.fuzz.decoding import check
from tests.unit.intake.formats.decoding_cases import Decode, contract_of, decoded, is_partition

XML: dict[str, Any] = {"format": "xml", "records": "登记簿/登记"}


def book(*records: str, declared: str = '<?xml version="1.0"?>') -> str:
    return f"{declared}\n<登记簿>\n" + "\n".join(records) + "\n</登记簿>\n"


def record(number: str, name: str) -> str:
    return f"<登记><编号>{number}</编号><姓名>{name}</姓名></登记>"


def columns(*sources: str) -> list[dict[str, str]]:
    return [
        {"source": source, "name": f"c{place}", "type": "string", "sensitivity": "open", "title_en": "Column"}
        for place, source in enumerate(sources)
    ]


def test_each_record_is_a_row_and_every_byte_is_accounted_for(decode: Decode) -> None:
    content = book("<机构>咸宁</机构>", record("1", "王小明"), record("2", "&lt;甲&gt;&amp;")).encode()
    table, accounting = decode(content, XML)
    assert table["number"].to_pylist() == ["1", "2"]
    assert table["person_name"].to_pylist() == ["王小明", "<甲>&"]
    assert table["_row_number"].to_pylist() == [1, 2]
    assert [(part.kind, part.rows) for part in accounting.ranges] == [
        ("container", 0),
        ("records", 2),
        ("container", 0),
    ]
    assert is_partition(accounting.ranges, len(content))
    place = Place(*(table[name].to_pylist()[1] for name in ("_row_number", "_byte_offset", "_byte_length")))
    assert content[place.byte_offset :][: place.byte_length].decode() == record("2", "&lt;甲&gt;&amp;")


@pytest.mark.parametrize(
    ("declared", "encoding", "agreed"),
    [
        pytest.param('<?xml version="1.0" encoding="GB18030"?>', "gb18030", None, id="GB 18030 as declared"),
        pytest.param("<?xml version='1.0' encoding='gb2312'?>", "gbk", None, id="GB 2312 is read as what includes it"),
        pytest.param('<?xml version="1.0" encoding="UTF-16"?>', "utf-16", None, id="UTF-16 as declared"),
        pytest.param("", "utf-16", None, id="UTF-16 by its mark alone"),
        pytest.param("", "utf-8-sig", None, id="UTF-8 with a mark"),
        pytest.param("", "utf-8", None, id="nothing said is UTF-8"),
        pytest.param('<?xml version="1.0" encoding="UTF-8"?>', "gb18030", "gb18030", id="the contract knows better"),
    ],
)
def test_an_encoding_is_what_the_document_declares_or_the_contract_says(
    tmp_path: Path, declared: str, encoding: str, agreed: str | None
) -> None:
    name = "王小明" if encoding == "gbk" else "王䶮"
    path, contract = tmp_path / "delivery", contract_of({**XML, "encoding": agreed})
    path.write_bytes(book(record("1", name), record("2", "乙"), declared=declared).encode(encoding))
    table, accounting = decoded(path, contract)
    assert table["person_name"].to_pylist() == [name, "乙"]
    assert is_partition(accounting.ranges, path.stat().st_size)
    places = zip(*(table[name].to_pylist() for name in ("_row_number", "_byte_offset", "_byte_length")), strict=True)
    assert [locate(path, contract, Place(*place)) for place in places] == [record("1", name), record("2", "乙")]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (book(record("1", "甲"), declared='<?xml version="1.0" encoding="UTF-8"?>').encode("gbk"), "encoding_invalid"),
        (book(record("1", "甲"), declared='<?xml version="1.0" encoding="UTF-16"?>').encode(), "encoding_invalid"),
        (book(declared='<?xml version="1.0" encoding="BIG5"?>').encode(), "xml_malformed"),
        (book(record("1", "a\ufffdb")).encode(), "encoding_invalid"),
    ],
)
def test_a_wrong_encoding_refuses_the_file(decode: Decode, content: bytes, code: str) -> None:
    with pytest.raises(DeliveryRejected, match=code):
        decode(content, XML)


def test_columns_are_paths_of_elements_and_attributes(decode: Decode) -> None:
    content = book(
        '<登记 编号="7"><坐落>路1号</坐落><权利人 类型="1"><姓名>甲</姓名></权利人><面积 单位="㎡">89.5</面积></登记>',
        '<登记 编号="8"><坐落/><权利人/></登记>',
        '<登记 xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:schemaLocation="x"><坐落 i:nil="true"/></登记>',
    )
    table, _ = decode(
        content.encode(), XML, columns=columns("@编号", "坐落", "权利人/姓名", "权利人/@类型", "面积", "面积/@单位")
    )
    rows = [tuple(row[f"c{place}"] for place in range(6)) for row in table.to_pylist()]
    assert rows[0] == ("7", "路1号", "甲", "1", "89.5", "㎡")
    assert rows[1] == ("8", "", None, None, None, None)
    assert rows[2] == (None,) * 6


def test_names_are_local_unless_the_contract_knows_their_namespace(decode: Decode) -> None:
    content = (
        '<r:登记簿 xmlns:r="urn:r" xmlns="urn:d" xmlns:g="urn:gml"><r:登记><编号>1</编号><g:pos>1 2</g:pos></r:登记>'
        '<登记><q:pos xmlns:q="urn:gml">3 4</q:pos><pos>x</pos></登记></r:登记簿>'
    )
    table, _ = decode(
        content.encode(), {**XML, "namespaces": {"gml": "urn:gml"}}, columns=columns("编号", "gml:pos", "pos")
    )
    assert table["c1"].to_pylist() == ["1 2", "3 4"]
    assert table["c2"].to_pylist() == [None, "x"]


CO_OWNERS = book(
    "<登记><编号>1</编号><共有人列表><人 份额='1/2'><姓名>甲</姓名></人><人><姓名>乙</姓名></人></共有人列表></登记>",
    "<登记><编号>2</编号><共有人列表/></登记>",
    "<登记><编号>3</编号><共有人列表><人><姓名>丙</姓名></人></共有人列表></登记>",
)


def test_what_repeats_may_be_json_in_one_column(decode: Decode) -> None:
    options = {**XML, "repeated": {"共有人列表/人": "json"}}
    table, accounting = decode(CO_OWNERS.encode(), options, columns=columns("编号", "共有人列表/人"))
    assert table["c1"].to_pylist() == [
        '[{"@份额":"1/2","姓名":"甲"},{"姓名":"乙"}]',
        None,
        '[{"姓名":"丙"}]',
    ]
    assert accounting.rows_counted == 3


def test_what_repeats_may_be_a_row_each_with_the_record_s_other_values(tmp_path: Path) -> None:
    options = {**XML, "repeated": {"共有人列表/人": "rows"}}
    contract = contract_of(options, columns=columns("编号", "共有人列表/人/姓名", "共有人列表/人/@份额"))
    path = tmp_path / "delivery"
    path.write_text(CO_OWNERS, "utf-8")
    table, accounting = decoded(path, contract)
    assert table["c0"].to_pylist() == ["1", "1", "2", "3"]
    assert table["c1"].to_pylist() == ["甲", "乙", None, "丙"]
    assert table["c2"].to_pylist() == ["1/2", None, None, None]
    assert table["_row_number"].to_pylist() == [1, 2, 3, 4]
    assert accounting.rows_counted == accounting.rows_parsed == 4
    assert table["_byte_offset"].to_pylist()[0] == table["_byte_offset"].to_pylist()[1]
    assert sum(part.rows for part in accounting.ranges) == 4


@pytest.mark.parametrize(
    "spoilt",
    [
        pytest.param("<登记><姓名>甲</姓名><姓名>乙</姓名></登记>", id="an element twice"),
        pytest.param("<登记><编号>1</编号>文字</登记>", id="text beside elements"),
        pytest.param("<登记><编号>1</编号><姓名>甲<b>乙</b></姓名></登记>", id="text in an element of elements"),
    ],
)
def test_a_record_of_another_shape_is_defective_alone(decode: Decode, spoilt: str) -> None:
    content = book(record("1", "甲"), spoilt, record("3", "丙")).encode()
    table, accounting = decode(content, XML, on_unknown_column="rescue")
    assert table["_defect"].to_pylist() == [None, "malformed_record", None]
    assert table["_raw"].to_pylist()[1] == spoilt
    assert [part.kind for part in accounting.ranges] == ["container", "records", "defective", "records", "container"]
    assert is_partition(accounting.ranges, len(content))


def test_elements_that_the_contract_does_not_know_are_kept_or_refused(decode: Decode) -> None:
    content = book("<登记><编号>1</编号><姓名>甲</姓名><备注><日期>x</日期></备注></登记>").encode()
    table, _ = decode(content, XML, on_unknown_column="rescue")
    assert json.loads(table["_rescued"].to_pylist()[0]) == {"备注/日期": "x"}
    with pytest.raises(DeliveryRejected, match="unknown_column"):
        decode(content, XML)
    table, accounting = decode(content, XML, ignore=("备注",))
    assert table["_rescued"].to_pylist() == [None]
    assert any("备注" in note for note in accounting.notes)


@pytest.mark.parametrize(
    ("document", "code"),
    [
        pytest.param('<!DOCTYPE 登记簿 [<!ENTITY a "b">]><登记簿/>', "content_mismatch", id="an entity"),
        pytest.param('<?xml version="1.0"?><!DOCTYPE x SYSTEM "/etc/passwd"><登记簿/>', "content_mismatch", id="DTD"),
        pytest.param("<登记簿>" + " " * 3_000_000 + "<!DOCTYPE x></登记簿>", "content_mismatch", id="late"),
        pytest.param("<登记簿><登记><编号>&a;</编号></登记></登记簿>", "xml_malformed", id="no such entity"),
        pytest.param("<登记簿><登记><编号>1</登记></登记簿>", "xml_malformed", id="tags that do not pair"),
        pytest.param("<登记簿><登记><编号>1</编号></登记>", "xml_malformed", id="a cut file"),
        pytest.param("<登记簿><登记><编号>1</编号>", "xml_malformed", id="a file cut in a record"),
        pytest.param("<登记簿></登记簿><登记簿></登记簿>", "xml_malformed", id="two documents"),
        pytest.param("<登记簿><登记><编号>R&D</编号></登记></登记簿>", "xml_malformed", id="an ampersand"),
        pytest.param("<登记簿><登记><编号>\x01</编号></登记></登记簿>", "xml_malformed", id="a control character"),
        pytest.param("<登记薄><登记/></登记薄>", "xml_malformed", id="another root"),
        pytest.param("<登记簿>" + "<a>" * 100_000, "xml_malformed", id="100,000 levels"),
        pytest.param("<登记簿><登记>" + "<!--" * 100_000, "xml_malformed", id="comments in comments"),
        pytest.param("<html><body>503</body></html>", "content_mismatch", id="a page"),
        pytest.param("编号,姓名\n1,甲\n", "content_mismatch", id="a table"),
    ],
)  # fmt: skip
def test_a_document_that_is_none_is_refused(decode: Decode, document: str, code: str) -> None:
    with pytest.raises(DeliveryRejected, match=code) as rejected:
        decode(document.encode(), XML)
    assert "passwd" not in rejected.value.message


def test_markup_that_only_looks_like_records_is_none(decode: Decode) -> None:
    content = book(
        "<!-- <登记> -->",
        "<?x <登记> ?>",
        "<登记><编号><![CDATA[<登记>&]]></编号><姓名 >甲<!-- x -->乙</姓名></登记>",
        "<附录><登记><编号>9</编号></登记></附录>",
    )
    table, accounting = decode(content.encode(), XML)
    assert table["number"].to_pylist() == ["<登记>&"]
    assert table["person_name"].to_pylist() == ["甲乙"]
    assert accounting.rows_counted == 1


@pytest.mark.parametrize(
    "attributes", ["a='>'", 'a=">"', "a='\"' b='>'", "a='\"' b=\"''></登记>\"".replace("<", "&lt;"), "a=\"'\" b='\">'"]
)
def test_a_bracket_in_an_attribute_ends_no_tag(decode: Decode, attributes: str) -> None:
    content = book(f"<登记 {attributes}><编号>1</编号><姓名>甲</姓名></登记>", record("2", "乙"))
    table, _ = decode(content.encode(), XML, on_unknown_column="rescue")
    assert table["person_name"].to_pylist() == ["甲", "乙"]


def test_a_character_that_no_table_may_hold_spoils_its_record_alone(decode: Decode) -> None:
    table, _ = decode(book(record("1", "&#xFFFD;"), record("2", "乙")).encode(), XML)
    assert table["_defect"].to_pylist() == ["control_character", None]


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", "<登记簿/>".encode(), book().encode()])
def test_a_file_without_records_is_said_to_be_one(decode: Decode, content: bytes) -> None:
    _, accounting = decode(content, XML)
    assert (accounting.rows_counted, "文件没有记录" in accounting.notes) == (0, True)
    assert is_partition(accounting.ranges, len(content))


def test_memory_is_bounded_by_a_part_of_the_document(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, contract = tmp_path / "delivery", contract_of(XML)
    others = "<附录><a>" + "<项>x</项>" * 200 + "</a></附录>"
    path.write_text(book(*([record("1", "甲"), others] * 300)), "utf-8")
    held: list[int] = []

    forget = RecordElements._forget

    def watched(elements: RecordElements) -> None:
        forget(elements)
        held.append(sum(1 for _ in elements._root.iter()) if elements._root is not None else 0)

    monkeypatch.setattr(RecordElements, "_forget", watched)
    monkeypatch.setattr(xml_records.XmlRecords.__init__, "__defaults__", (10_000,))
    assert decoded(path, contract)[1].rows_counted == 300
    assert max(held) < 400


def test_a_record_without_end_is_refused_at_a_limit(decode: Decode, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xml_records, "MAX_RECORD_BYTES", 1 << 20)
    content = book(record("1", "甲"), f"<登记><编号>{'<a/>' * 1_000_000}</编号></登记>").encode()
    with pytest.raises(DeliveryRejected, match="record_too_large") as rejected:
        decode(content, XML)
    assert rejected.value.details["row"] == 2


def test_rows_to_fix_are_a_document_of_their_own_and_come_back(tmp_path: Path) -> None:
    options = {**XML, "encoding": "gb18030", "repeated": {"人/姓名": "rows", "附件": "json"}}
    contract = contract_of(options, columns=columns("@编号", "人/姓名", "人/@类型", "附件"))
    values = [("1", "甲", "<2>", '[{"a":"1"},"b"]'), ("a\nb\t\"'", None, None, None), (None, "乙", None, "x")]
    rows = (RowToFix(number, "原因", "建议", row) for number, row in enumerate(values))
    (path,) = write_rows_to_fix(contract, lambda part: tmp_path / f"fix{part}.xml", rows)
    text = path.read_text("gb18030")
    assert text.startswith('<?xml version="1.0" encoding="GB18030"?>\n<登记簿>\n<登记 编号="1"><原行号>0</原行号>')
    table, accounting = decoded(path, contract)
    assert accounting.is_correction
    assert [tuple(row[f"c{place}"] for place in range(4)) for row in table.to_pylist()] == values


def test_a_sample_has_the_elements_that_its_rows_stand_for(tmp_path: Path) -> None:
    path = tmp_path / "sample.xml"
    rows = [
        {
            "编号": "1",
            "共有人列表/人/姓名": "甲",
            "共有人列表/人/@份额": "1/2",
            "附件/项": '[{"@a":"1","#text":"x"},"y"]',
        },
        {
            "编号": "1",
            "共有人列表/人/姓名": "乙",
            "共有人列表/人/@份额": "1/2",
            "附件/项": '[{"@a":"1","#text":"x"},"y"]',
        },
        {"编号": "2", "共有人列表/人/姓名": "丙", "共有人列表/人/@份额": "1", "附件/项": "[]"},
    ]
    options = {**XML, "repeated": {"共有人列表/人": "rows", "附件/项": "json"}}
    contract = contract_of(options, columns=columns(*rows[0]))
    FORMATS["xml"].write_sample(path, contract.layout, list(rows[0]), rows)
    text = path.read_text("utf-8")
    assert text.count("<登记>") == 2
    assert '<附件><项 a="1">x</项><项>y</项></附件>' in text
    table, _ = decoded(path, contract)
    assert [tuple(row[f"c{place}"] for place in range(4)) for row in table.to_pylist()] == [
        *(tuple(row.values()) for row in rows[:2]),
        ("2", "丙", "1", None),
    ]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"records": "/a"}, "records is a path"),
        ({"records": "a/@b"}, "records is a path"),
        ({"repeated": {"a": "rows", "b": "rows"}}, "only one repeated"),
        ({"repeated": {"@a": "json"}}, "no path of elements"),
        ({"columns": columns("a b")}, "no path of an element"),
        ({"columns": columns("gml:pos")}, "namespaces lacks the prefix gml"),
    ],
)
def test_a_contract_s_paths_are_paths(changed: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        contract_of(
            {**XML, **{name: value for name, value in changed.items() if name != "columns"}},
            **{name: value for name, value in changed.items() if name == "columns"},
        )


def test_the_dictionary_tells_a_supplier_where_records_are() -> None:
    options = {**XML, "repeated": {"人": "rows", "附件": "json"}, "namespaces": {"g": "urn:g"}, "compression": "gzip"}
    assert Xml.model_validate(options).describe() == (
        "xml，编码以文件声明为准，记录为 `登记簿/登记`，可重复元素 `人` 每个一行，"
        "可重复元素 `附件` 作为 JSON 数组存一列，命名空间 g=urn:g，gzip 压缩"
    )


def in_blocks(path: Path, contract: FeedContract, size: int) -> Any:
    before = xml_records.XmlRecords.__init__.__defaults__
    xml_records.XmlRecords.__init__.__defaults__ = (size,)
    try:
        return check(path, contract)
    finally:
        xml_records.XmlRecords.__init__.__defaults__ = before


PIECES = st.sampled_from(
    [
        "<登记>",
        "</登记>",
        "<登记/>",
        "<编号>",
        "</编号>",
        "<编号>1</编号>",
        "<姓名 a='>'>甲</姓名>",
        "<!--",
        "-->",
        " ",
        "x",
    ]
    + ["<![CDATA[<登记>]]>", "<?p ?>", "&amp;", "<列>", "</列>", "<姓名>", "</姓名>", '<a b="\'>">', "</a>", "<", ">"]
)


@settings(max_examples=200)
@given(pieces=st.lists(PIECES, max_size=14), size=st.integers(1, 30))
def test_blocks_do_not_show_in_rows(tmp_path_factory: pytest.TempPathFactory, pieces: list[str], size: int) -> None:
    path = tmp_path_factory.getbasetemp() / "any.xml"
    path.write_text("<登记簿>" + "".join(pieces) + "</登记簿>", "utf-8")
    contract = contract_of({**XML, "repeated": {"列/姓名": "rows"}}, on_unknown_column="rescue")
    (whole, code), (parts, other) = in_blocks(path, contract, 1 << 20), in_blocks(path, contract, size)
    assert (whole and whole.to_pylist()) == (parts and parts.to_pylist())
    assert (code is None) == (other is None)
    assert code != "counters_disagree"
