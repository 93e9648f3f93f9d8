"""Text that a spreadsheet would run: RELIABILITY.md B27."""

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spark_jobs.intake.formats.machinery.formula_text import escape_formula, unescape_formula, unescape_formulas

OPENERS = ["=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"]


@pytest.mark.parametrize("opener", OPENERS)
def test_formula_text_is_escaped(opener: str) -> None:
    assert escape_formula(f"{opener}1") == f"'{opener}1"


@given(text=st.text(alphabet=st.sampled_from(["'", "a", "\n", *OPENERS]), max_size=6))
def test_unescaping_is_the_exact_inverse(text: str) -> None:
    escaped = escape_formula(text)
    assert escaped[:1] not in OPENERS
    assert unescape_formula(escaped) == text
    assert unescape_formulas(pa.array([escaped])).to_pylist() == [text]
