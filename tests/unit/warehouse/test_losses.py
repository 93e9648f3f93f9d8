"""A build may not take away more rows than a table may lose."""

from pathlib import Path
from typing import Any

import pytest

from expectations import row_floors
from expectations.row_floors import most_lost
from spark_jobs.base.errors import LakeError
from spark_jobs.warehouse import losses
from spark_jobs.warehouse.standing import Standing

PERSON, EVENT, HITS, SMALL = (
    "base.base_person",
    "marts.mart_life__event",
    "marts.mart_comparison__housing_eligibility",
    "marts.mart_tourism__visitor_day",
)
BEFORE = {PERSON: Standing(4, 1001), EVENT: Standing(7, 1000), HITS: Standing(2, 500), SMALL: Standing(1, 99)}


def test_a_base_library_keeps_nine_rows_of_ten_and_a_mart_half() -> None:
    assert losses.floors(BEFORE) == {PERSON: 901, EVENT: 500}


def test_hits_of_a_comparison_may_all_go() -> None:
    assert most_lost(HITS) == 1


@pytest.mark.parametrize("accepted", [PERSON, "base_person"])
def test_a_loss_that_is_accepted_has_no_floor(accepted: str) -> None:
    assert losses.floors(BEFORE, [accepted]) == {EVENT: 500}


def test_a_table_that_is_none_cannot_be_accepted() -> None:
    with pytest.raises(LakeError, match="no base library or mart is called base_persn"):
        losses.floors(BEFORE, ["base_persn"])


def test_a_table_below_its_floor_is_named_and_one_at_its_floor_is_not() -> None:
    after = BEFORE | {PERSON: Standing(5, 900), EVENT: Standing(8, 500)}
    assert losses.below(losses.floors(BEFORE), after) == [PERSON]


def test_what_the_writer_did_not_let_through_is_told_from_other_failures() -> None:
    too_few = "base.base_person would have 3 rows and must have 901: a build may not take so many of its rows"
    results: list[dict[str, Any]] = [
        {"unique_id": "model.xianning_warehouse.base_person", "message": f"Runtime Error\n  {too_few}"},
        {"unique_id": "model.xianning_warehouse.base_place", "message": "Runtime Error"},
        {"unique_id": "model.xianning_warehouse.base_marriage", "message": None},
    ]
    assert losses.stopped(results) == ["base_person"]


def test_a_refusal_says_how_to_accept_it() -> None:
    error = losses.refused(["base_person"], BEFORE, [])
    assert "base.base_person (1,001 rows, may lose 10%)" in error.what
    assert "lake warehouse build --accept-loss base.base_person" in error.next_step


def test_a_share_that_is_none_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "base").mkdir()
    stated = "models: [{name: base_odd, config: {meta: {most_lost: 20}}}]"
    (tmp_path / "base" / "base_odd.yml").write_text(stated, "utf-8")
    monkeypatch.setattr(row_floors, "MODELS", tmp_path)
    row_floors._stated.cache_clear()
    try:
        with pytest.raises(ValueError, match=r"base_odd.yml: meta.most_lost is a share from 0 to 1"):
            most_lost("base.base_odd")
    finally:
        row_floors._stated.cache_clear()
