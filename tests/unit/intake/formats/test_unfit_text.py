"""Characters that a file cannot hold: ECMA-376 part 1, 22.9.2.19, in files that are no workbooks too."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spark_jobs.intake.formats.machinery.unfit_text import UNDERSCORE, escape_unfit, restore_unfit

LINE = re.compile(f"{UNDERSCORE}|[\n|\x00𠮷]")


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("a\nb", "a_x000A_b"),
        ("_x0041_", "_x005F_x0041_"),
        ("_x0041\n", "_x005F_x0041_x000A_"),
        ("_x004", "_x004"),
        ("𠮷", "_xD842__xDFB7_"),
        ("\0", "_x0000_"),
    ],
)
def test_escapes_are_those_of_workbooks(text: str, escaped: str) -> None:
    assert escape_unfit(text, LINE) == escaped
    assert restore_unfit(escaped) == text


@given(text=st.lists(st.sampled_from(["_", "x", "0", "0041", "A", "\n", "|", "𠮷", "\0"])).map("".join))
def test_restoring_is_the_exact_inverse(text: str) -> None:
    escaped = escape_unfit(text, LINE)
    assert restore_unfit(escaped) == text
    assert not re.search("[\n|\x00𠮷]", escaped)


def test_what_no_table_may_hold_stays_as_it_is_written() -> None:
    assert restore_unfit("_xD800_ _xFFFD__x0041_") == "_xD800_ _xFFFD_A"
