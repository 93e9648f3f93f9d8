"""Text that a spreadsheet would run: RELIABILITY.md B27."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spark_jobs.intake.formats.machinery.formula_text import escape_formula, unescape_formula

OPENERS = ["=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"]
PARTERS = ["\n", "\r\n", "\r", "\t", ",", ";", "|"]


@pytest.mark.parametrize("opener", OPENERS)
def test_formula_text_is_escaped(opener: str) -> None:
    assert escape_formula(f"{opener}1") == f"'{opener}1"


@pytest.mark.parametrize("opener", ["=", "+", "-", "@", "＝", "＋", "－", "＠"])
@pytest.mark.parametrize("parter", PARTERS)
def test_formula_text_is_escaped_wherever_a_spreadsheet_may_begin_a_cell(parter: str, opener: str) -> None:
    assert escape_formula(f"甲{parter}{opener}1").endswith(f"'{opener}1")
    assert escape_formula(f"甲{parter} \u3000{opener}1").endswith(f"' \u3000{opener}1")
    assert escape_formula(f'甲{parter}"{opener}1"').endswith(f'\'"{opener}1"')


def test_other_text_is_left_alone() -> None:
    for text in ("", "甲-乙", "a=b", "1,2", "O'Neil", "x\ny", "2026-11-01", "a, b"):
        assert escape_formula(text) == text


@given(text=st.lists(st.sampled_from(["'", '"', "a", " ", *OPENERS, *PARTERS]), max_size=8).map("".join))
def test_unescaping_is_the_exact_inverse(text: str) -> None:
    escaped = escape_formula(text)
    assert unescape_formula(escaped) == text
    assert not re.search(r"(^|[\n\r\t,;|])[ \"]*[=+\-@＝＋－＠]", escaped)
