"""Elements of an array found a block at once are those that are found one by one."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from expectations.rejections import DeliveryRejected
from spark_jobs.intake.formats.json import elements, text
from spark_jobs.intake.formats.json.brackets import objects_from
from spark_jobs.intake.formats.machinery import utf8_stream
from tests.unit.intake.formats.decoding_cases import contract_of, decoded

ELEMENTS = st.sampled_from(
    [
        *('{"编号": "1", "姓名": "甲"}', '{"编号": "2"}', "{}", "[]", "[1, [2]]", "17", "null", '"a, {b}"'),
        *(r'{"编号": "\"}, {", "姓名": "\\"}', r'{"编号": "\\\""}', '{"编号": {"a": [1]}}', '{"编号": "]"}'),
        *('{"编号": "1"', '{"编号": "1"]', '{"编号": "1}', '"编号"}', r"\"", ""),
    ]
)
SEPARATORS = st.sampled_from([",", ", ", ",\n", " , ", "", ",,", ";", "}", "]"])
DOCUMENTS = st.lists(st.tuples(ELEMENTS, st.one_of(st.just(","), SEPARATORS)), max_size=12).map(
    lambda parts: "[" + "".join(f"{element}{mark}" for element, mark in parts).removesuffix(",") + "]"
)


def told(path: Path, document: str) -> Any:
    """Rows and accounting, or why the document is refused."""
    path.write_text(document, "utf-8")
    try:
        table, accounting = decoded(path, contract_of({"format": "json"}))
    except DeliveryRejected as rejected:
        return rejected.code
    return table.to_pylist(), accounting.ranges, accounting.rows_counted, accounting.rows_parsed


@settings(max_examples=400)
@example(document="[" + '{"编号": "1"},' * 30 + '{"编号": "2"}]', block=64)
@example(document='[{"编号": "1"}, {"编号": "2"}], {"编号": "3"}, {"编号": "4"}]', block=4096)
@given(document=DOCUMENTS, block=st.sampled_from([16, 64, 4096]))
def test_at_once_or_one_by_one(tmp_path_factory: pytest.TempPathFactory, document: str, block: int) -> None:
    path = tmp_path_factory.getbasetemp() / "elements.json"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(text, "BLOCK_BYTES", block)
        at_once = told(path, document)
        patch.setattr(elements, "objects_from", lambda data, at: None)
        one_by_one = told(path, document)
    assert at_once == one_by_one


def test_all_but_the_last_of_a_block_are_found() -> None:
    found = objects_from(rb'xx{"a": "}\"{"}, [{}],{"b": 1},{"c"', 2)
    assert found is not None
    assert (found.starts.tolist(), found.ends.tolist(), found.after) == ([2, 17, 22], [15, 21, 30], 31)
    assert not found.is_end


def test_the_last_of_an_array_is_found_with_the_others() -> None:
    found = objects_from(b"{}, {} ], {}", 0)
    assert found is not None
    assert (found.starts.tolist(), found.after, found.is_end) == ([0, 4], 7, True)


@pytest.mark.parametrize(
    "block", [b"17, {}, {}", b"{}", b"{} {}", b'{"a": "', b"", b"], {}, {}", b"{},]", b"{} 1]", b"{} }"]
)
def test_what_is_no_sequence_of_objects_is_left(block: bytes) -> None:
    assert objects_from(block, 0) is None


@pytest.mark.parametrize(
    ("block", "whole"), [(b"", 0), (b"a", 1), ("咸".encode(), 3), ("a咸".encode()[:-1], 1), ("𠮷".encode()[:2], 0)]
)
def test_a_character_that_has_only_begun_waits(block: bytes, whole: int) -> None:
    assert utf8_stream._whole_characters(block) == whole
