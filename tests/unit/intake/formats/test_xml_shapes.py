"""XML records of one shape are rows at once, and are the same rows as each by itself gives."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from expectations.rejections import DeliveryRejected
from spark_jobs.intake.formats.xml import shapes
from tests.unit.intake.formats.decoding_cases import contract_of, decoded, is_partition

XML: dict[str, Any] = {"format": "xml", "records": "登记簿/登记"}


def rows_of(path: Path, content: str, **changes: Any) -> Any:
    """The rows or the code of the rejection, and the byte ranges."""
    path.write_text(f"<登记簿>\n{content}</登记簿>", "utf-8")
    try:
        table, accounting = decoded(path, contract_of(XML, **changes))
    except DeliveryRejected as rejected:
        return rejected.code, None
    assert is_partition(accounting.ranges, path.stat().st_size)
    return table.to_pylist(), accounting.ranges


def by_itself(path: Path, content: str, **changes: Any) -> Any:
    fewest, shapes._FEWEST = shapes._FEWEST, 10**9
    try:
        return rows_of(path, content, **changes)
    finally:
        shapes._FEWEST = fewest


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many records each shape took."""
    counts: list[int] = []
    matched = shapes._matched

    def watched(*arguments: Any) -> Any:
        places, values = matched(*arguments)
        counts.append(len(places))
        return places, values

    monkeypatch.setattr(shapes, "_matched", watched)
    return counts


ALIKE = "".join(f"<登记><编号>{number}</编号>\n  <姓名>甲 > 乙</姓名></登记>\n" for number in range(20))


def test_records_alike_are_taken_at_once(tmp_path: Path, taken: list[int]) -> None:
    rows, ranges = rows_of(tmp_path / "a", ALIKE)
    assert taken == [20]
    assert [row["number"] for row in rows] == [str(number) for number in range(20)]
    assert {row["person_name"] for row in rows} == {"甲 > 乙"}
    assert [part.kind for part in ranges] == ["container", "records", "container"]
    assert (rows, ranges) == by_itself(tmp_path / "b", ALIKE)


ODD = [
    "<登记><编号>1</编号>\n  <姓名>甲&amp;</姓名></登记>",
    "<登记><编号>1</编号>\n  <姓名>甲\r\n</姓名></登记>",
    "<登记><编号>1</编号>\n  <姓名><![CDATA[<甲>]]></姓名></登记>",
    "<登记><编号>1</编号>\n  <姓名>甲<!-- x -->乙</姓名></登记>",
    "<登记><编号>1</编号>\n  <姓名 a='1'>甲</姓名></登记>",
    "<登记 a='1'><编号>1</编号>\n  <姓名>甲</姓名></登记>",
    "<登记><编号>1</编号>\n  <姓名/></登记>",
    "<登记><编号/><姓名/></登记>",
    "<登记><编号>1</编号>\n  <编号>1</编号></登记>",
    "<登记><编号>1</编号>\n x<姓名>甲</姓名></登记>",
    "<登记><编号><姓名>1</姓名></编号></登记>",
    "<登记><姓名>1</姓名>\n  <编号>1</编号></登记>",
    "<登记/>",
    "<登记></登记>",
    "<登记><编号>1</编号>\n  <姓名>甲</编号></登记>",
    "<附录><编号>1</编号>\n  <姓名>甲</姓名></附录>",
]


@pytest.mark.parametrize("odd", ODD)
def test_a_record_that_differs_is_what_it_is_by_itself(tmp_path: Path, odd: str) -> None:
    content, changes = f"{ALIKE}{odd}\n{ALIKE}", {"on_unknown_column": "rescue"}
    assert rows_of(tmp_path / "a", content, **changes) == by_itself(tmp_path / "b", content, **changes)


def test_an_ignored_element_named_like_a_column_is_no_value_of_it(tmp_path: Path) -> None:
    columns = [
        {
            "source": source,
            "name": name,
            "type": "string",
            "sensitivity": "open",
            "title_en": "C",
            "may_be_absent": True,
        }
        for source, name in (("编号", "number"), ("姓名", "person_name"))
    ]
    content = "<登记><number>1</number><姓名>甲</姓名></登记>\n" * 20
    rows, _ = rows_of(tmp_path / "a", content, ignore=("number",), columns=columns)
    assert {(row["number"], row["person_name"]) for row in rows} == {(None, "甲")}


@settings(max_examples=200)
@given(records=st.lists(st.sampled_from(ODD[:-2]), max_size=4), repeated=st.integers(1, 12))
def test_any_records_are_the_rows_that_each_is_by_itself(
    tmp_path_factory: pytest.TempPathFactory, records: list[str], repeated: int
) -> None:
    path = tmp_path_factory.getbasetemp() / "shapes.xml"
    content = "".join(f"{record}\n" for record in ["<登记><编号>0</编号><姓名>0</姓名></登记>", *records * repeated])
    changes = {"on_unknown_column": "rescue"}
    assert rows_of(path, content, **changes) == by_itself(path, content, **changes)
