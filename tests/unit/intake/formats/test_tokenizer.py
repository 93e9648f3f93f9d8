"""The tokenizer counts as Python's csv module does, and agrees with PyArrow on what it lets through."""

import csv
import io

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spark_jobs.intake.formats.machinery.tokenizer import Records, tokenize

FIELD = st.text(alphabet=st.sampled_from('a咸𠮷",\n|\u2028 '), max_size=6)
ROWS = st.lists(st.lists(FIELD, min_size=1, max_size=4), max_size=8)


def tokens(text: str, *, quoted: bool = True, final: bool = True) -> Records:
    return tokenize(text.encode(), ord(","), quoted, final)


@given(rows=ROWS, terminator=st.sampled_from(["\n", "\r\n"]))
def test_counts_records_and_fields_as_python_does(rows: list[list[str]], terminator: str) -> None:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator=terminator).writerows(rows)
    expected = [len(row) for row in csv.reader(io.StringIO(text.getvalue(), newline=""), strict=True)]
    records = tokens(text.getvalue())
    assert records.fields.tolist() == [max(count, 1) for count in expected]
    assert records.open_quote is None
    assert not records.has_misplaced_quote.any()


@given(text=st.text(alphabet=st.sampled_from('a咸",\n\r\t\0'), max_size=40))
@settings(max_examples=300)
def test_records_partition_any_text(text: str) -> None:
    records = tokens(text)
    size = len(text.encode())
    end = size if records.open_quote is None else int(records.nexts[-1]) if len(records.nexts) else 0
    assert [0, *records.nexts.tolist()][: len(records.nexts)] == records.starts.tolist()
    assert (int(records.nexts[-1]) if len(records.nexts) else 0) == end
    assert ((records.starts <= records.ends) & (records.ends <= records.nexts)).all()


@given(text=st.text(alphabet=st.sampled_from('a",\n'), max_size=30))
@settings(max_examples=300)
def test_parser_agrees_on_every_record_that_is_let_through(text: str) -> None:
    records = tokens(text)
    raw = text.encode()
    for i in np.flatnonzero(~records.has_misplaced_quote & (records.ends > records.starts)).tolist():
        record = raw[records.starts[i] : records.nexts[i]]
        names = [str(field) for field in range(records.fields[i])]
        table = pa.csv.read_csv(
            pa.py_buffer(record),
            read_options=pa.csv.ReadOptions(column_names=names),
            parse_options=pa.csv.ParseOptions(newlines_in_values=True, ignore_empty_lines=False),
        )
        assert table.num_rows == 1


@pytest.mark.parametrize(
    ("text", "fields", "misplaced", "open_quote"),
    [
        pytest.param('a,5" pipe\n', [2], [False], None, id="quote inside an unquoted field is data"),
        pytest.param('"a"b,c\n', [2], [True], None, id="text after a closing quote"),
        pytest.param('"a""b",c\n', [2], [False], None, id="doubled quote"),
        pytest.param('"a\nb",c\n', [2], [False], None, id="newline in quotes"),
        pytest.param('a,"b\nc,d\n', [], [], 2, id="unclosed quote"),
        pytest.param('a,"b""\nc,d\n', [], [], 2, id="unclosed quote after a doubled one"),
        pytest.param('x"y,1\na,"b\n', [2], [False], 8, id="unclosed quote after an irregular line"),
        pytest.param('a,"b\nc,"d"\n', [2], [True], None, id="an unclosed quote ends at the next one"),
        pytest.param(",\n\n,,", [2, 1, 3], [False] * 3, None, id="empty fields, blank line, no last newline"),
        pytest.param("", [], [], None, id="nothing"),
    ],
)
def test_quotes(text: str, fields: list[int], misplaced: list[bool], open_quote: int | None) -> None:
    records = tokens(text)
    assert records.fields.tolist() == fields
    assert records.has_misplaced_quote.tolist() == misplaced
    assert records.open_quote == open_quote


def test_quotes_are_data_where_the_contract_says_so() -> None:
    assert tokens('"a\n"b,c\n', quoted=False).fields.tolist() == [1, 2]


@pytest.mark.parametrize(
    ("text", "has_control"),
    [
        pytest.param("a\r\n", False, id="CRLF"),
        pytest.param("a\n", False, id="LF"),
        pytest.param("a\tb\n", False, id="tab"),
        pytest.param("a\u2028b\n", False, id="U+2028 is data"),
        pytest.param('"a\r\nb"\n', False, id="CRLF in quotes"),
        pytest.param("a\rb\n", True, id="lone CR"),
        pytest.param("a\r\r\n", True, id="CR CRLF"),
        pytest.param("a\r", True, id="CR at the end of the file"),
        pytest.param("a\0b\n", True, id="NUL"),
        pytest.param("a\x1a", True, id="Ctrl-Z"),
    ],
)
def test_control_characters(text: str, has_control: bool) -> None:
    assert tokens(text).has_control.tolist() == [has_control]
