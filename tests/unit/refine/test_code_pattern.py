import re

from hypothesis import given
from hypothesis import strategies as st

from spark_jobs.refine.code_lists import known_codes
from spark_jobs.refine.fields.code_pattern import pattern_of

CODES = st.text("0123A", min_size=1, max_size=5)


def compiled(codes: set[str]) -> re.Pattern[str]:
    """In Python's spelling of the end of a text."""
    return re.compile(pattern_of(codes).replace(r"\z", r"\Z"))


@given(codes=st.sets(CODES, max_size=30), other=CODES)
def test_the_pattern_matches_these_codes_and_no_other(codes: set[str], other: str) -> None:
    pattern = compiled(codes)
    assert all(pattern.search(code) for code in codes)
    assert bool(pattern.search(other)) is (other in codes)


def test_a_code_and_its_beginning_are_both_matched() -> None:
    pattern = compiled({"42", "4212"})
    assert [bool(pattern.search(text)) for text in ("42", "4212", "421", "4")] == [True, True, False, False]


def test_divisions_carry_the_time_they_were_in_force() -> None:
    divisions = known_codes(frozenset()).divisions
    assert divisions["421202"].until == "999912"
    assert divisions["422301"].until == "199812"
    assert divisions["421281107206"].until < "202401"


def test_codes_that_name_no_county_are_told_apart() -> None:
    known = known_codes(frozenset())
    assert {"421200", "421201", "420000"} <= known.placeholders
    assert not {"421202", "422301", "810000"} & known.placeholders
