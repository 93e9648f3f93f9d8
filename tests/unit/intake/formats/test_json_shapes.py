"""Lines of one shape are rows at once, and are the same rows as each line by itself gives."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spark_jobs.intake.formats.jsonl.decode import JsonLinesDecoder
from spark_jobs.intake.formats.machinery import json_lines, json_shapes
from tests.unit.intake.formats.decoding_cases import Decode, contract_of, is_partition

LINES = {"format": "jsonl"}
ALIKE = "".join(f'{{"编号": "{number}", "姓名": {number}.50}}\n' for number in range(20))


def rows_of(path: Path, content: str, **changes: Any) -> Any:
    """The rows, and the accounting."""
    path.write_text(content, "utf-8")
    contract = contract_of(LINES, **changes)
    decoder = JsonLinesDecoder(path, contract, contract.layout)  # type: ignore[arg-type]
    rows = [row for batch in decoder.batches() for row in batch.to_pylist()]
    return sorted(rows, key=lambda row: row["_row_number"]), decoder.accounting


@pytest.fixture
def shaped(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many lines each shape took."""
    taken: list[int] = []
    matched = json_lines.matched

    def watched(*arguments: Any) -> Any:
        lines, values = matched(*arguments)
        taken.append(len(lines))
        return lines, values

    monkeypatch.setattr(json_shapes, "matched", watched)
    return taken


def test_lines_alike_are_taken_at_once(decode: Decode, shaped: list[int]) -> None:
    table, accounting = decode(ALIKE.encode(), LINES)
    assert shaped == [20]
    assert table["number"].to_pylist() == [str(number) for number in range(20)]
    assert table["person_name"].to_pylist() == [f"{number}.50" for number in range(20)]
    assert table["_row_number"].to_pylist() == list(range(1, 21))
    assert is_partition(accounting.ranges, len(ALIKE.encode()))
    assert accounting.rows_counted == accounting.rows_parsed == 20


@pytest.mark.parametrize(
    "odd",
    [
        '{"编号": "1", "姓名": 01}',
        '{"编号": "1", "姓名": NaN}',
        '{"编号": "1", "姓名": }',
        '{"编号": "1", "姓名": 1}}',
        '{"编号": "1", "姓名": 1} ',
        '{"编号": "\\u4e00", "姓名": 1}',
        '{"编号": "1", "姓名": null}',
        '{"编号": "1", "姓名": true}',
        '{"编号": "1", "编号": 2}',
        '{"姓名": "1", "编号": 2}',
        '{"编号": "1\t", "姓名": 1}',
        '{"编号": "1","姓名": 1}',
        '["编号", "1", "姓名", 1]',
        "",
        "  ",
    ],
)
def test_a_line_that_differs_is_what_it_is_by_itself(tmp_path: Path, odd: str, shaped: list[int]) -> None:
    among, _ = rows_of(tmp_path / "a", f"{ALIKE}{odd}\n{ALIKE}")
    alone, _ = rows_of(tmp_path / "b", f"{odd}\n")
    places = ("_row_number", "_byte_offset")
    found = [{k: v for k, v in row.items() if k not in places} for row in among if row["_row_number"] == 21]
    assert found == [{k: v for k, v in row.items() if k not in places} for row in alone]
    assert len([row for row in among if row["_defect"] is None]) >= 40
    assert sum(shaped) >= 40


def test_keys_that_the_contract_does_not_know_are_kept(tmp_path: Path) -> None:
    content = '{"编号": "1", "姓名": "甲", "x": 1.10}\n' * 20
    rows, _ = rows_of(tmp_path / "a", content, on_unknown_column="rescue")
    assert {row["_rescued"] for row in rows} == {'{"x":1.10}'}


def test_rows_to_fix_are_never_taken_by_their_shape(tmp_path: Path, shaped: list[int]) -> None:
    content = '{"原行号": "1", "编号": "\'=1", "姓名": "甲"}\n' * 20
    rows, accounting = rows_of(tmp_path / "a", content)
    assert {row["number"] for row in rows} == {"=1"}
    assert accounting.is_correction
    assert shaped == []


VALUES = st.sampled_from(['"甲"', '""', "1", "-0.5e3", "null", "true", '"a,b"', '"}"', '":"', "01", '"', "{}", '"\\n"'])
RECORDS = st.builds(
    lambda keys, values, colon: "{" + ", ".join(f'"{k}"{colon}{v}' for k, v in zip(keys, values, strict=False)) + "}",
    st.sampled_from([("编号", "姓名"), ("姓名", "编号"), ("编号",), ("编号", "编号"), ("编号", "备注")]),
    st.tuples(VALUES, VALUES),
    st.sampled_from([":", ": "]),
)


@settings(max_examples=300)
@given(records=st.lists(RECORDS, min_size=1, max_size=5), repeated=st.integers(1, 12))
def test_any_lines_are_the_rows_that_each_is_by_itself(
    tmp_path_factory: pytest.TempPathFactory, records: list[str], repeated: int
) -> None:
    path = tmp_path_factory.getbasetemp() / "shapes.jsonl"
    content = "".join(f"{record}\n" for record in ['{"编号": "0", "姓名": "0"}', *records * repeated])
    by_shape, _ = rows_of(path, content, ignore=("备注",))
    fewest, json_shapes._FEWEST = json_shapes._FEWEST, 10**9
    try:
        by_itself, _ = rows_of(path, content, ignore=("备注",))
    finally:
        json_shapes._FEWEST = fewest
    assert by_shape == by_itself
    assert all(json.dumps(row, ensure_ascii=False) for row in by_shape)


def test_an_ignored_key_named_like_a_column_is_no_value_of_it(tmp_path: Path) -> None:
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
    rows, _ = rows_of(tmp_path / "a", '{"number": "1", "姓名": "甲"}\n' * 20, ignore=("number",), columns=columns)
    assert {(row["number"], row["person_name"]) for row in rows} == {(None, "甲")}
