"""Every mart says how persons are protected in it, and what it says can be kept."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from expectations import protection
from expectations.protection import MARTS, Cells, CountsNobody, KeepsIds, Tokens, load_protections, purposes

STATED = load_protections()
OF_PERSONS = re.compile(r"person_id|resident_id|_token$|birth_date|person_name|phone|address|person_keys")


def columns_of(mart: str) -> set[str]:
    (path,) = MARTS.glob(f"*/{mart}.yml")
    return {column["name"] for column in yaml.safe_load(path.read_text("utf-8"))["models"][0]["columns"]}


def test_every_mart_says_how_it_is_protected() -> None:
    assert set(STATED) == {path.stem for path in MARTS.glob("*/*.sql")}
    assert {type(each) for each in STATED.values()} == {Cells, Tokens, KeepsIds, CountsNobody}


def test_no_two_marts_count_the_same_persons() -> None:
    counted = [each.of for each in STATED.values() if isinstance(each, Cells)]
    assert sorted(set(counted)) == sorted(counted)


def test_what_every_analyst_reads_has_no_column_of_single_persons() -> None:
    shown = {mart: columns_of(mart) for mart, each in STATED.items() if isinstance(each, CountsNobody)}
    shown |= {mart: {*each.by, *each.counts, *each.sums} for mart, each in STATED.items() if isinstance(each, Cells)}
    assert len(shown) > 30
    assert {mart: found for mart, names in shown.items() if (found := [*filter(OF_PERSONS.search, names)])} == {}


def test_permanent_ids_of_persons_stand_where_a_reason_is_given() -> None:
    with_ids = {mart for mart in STATED if any(name.endswith("person_id") for name in columns_of(mart))}
    assert with_ids
    assert {mart for mart in with_ids if not isinstance(STATED[mart], KeepsIds)} == set()


def test_a_purpose_is_the_theme_whose_models_join_its_tokens() -> None:
    used = {
        (path.parent.name, purpose)
        for path in MARTS.glob("*/*.sql")
        for purpose in re.findall(r"join_token\(\s*'(\w+)'", path.read_text("utf-8"))
    }
    assert used == {(purpose, purpose) for purpose in purposes()} != set()


def test_a_mart_that_says_nothing_or_of_what_it_has_not_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(protection, "MARTS", tmp_path)
    load = load_protections.__wrapped__
    path = tmp_path / "housing" / "mart_housing__x.yml"
    path.parent.mkdir()
    model: dict[str, Any] = {"name": "mart_housing__x", "columns": [{"name": "county_code"}]}
    path.write_text(yaml.safe_dump({"models": [model]}))
    with pytest.raises(ValueError, match="no meta.protection"):
        load()
    model["config"] = {"meta": {"protection": {"kind": "tokens", "columns": ["applicant_token"]}}}
    path.write_text(yaml.safe_dump({"models": [model]}))
    with pytest.raises(ValueError, match="names no column of the mart: applicant_token"):
        load()


def test_a_mart_within_another_begins_with_the_same_columns() -> None:
    def cells(*by: str) -> Cells:
        return Cells(kind="cells", of="elders", by=by, persons="elders", counts=("elders",))

    assert protection.shared(cells("county", "age", "living"), cells("county", "age")) == ("county", "age")
    assert protection.shared(cells("county", "living"), cells("county", "age")) == ("county",)
    assert protection.shared(cells("living", "county"), cells("age", "county")) == ()


def test_a_sum_goes_over_something_that_is_counted() -> None:
    with pytest.raises(ValidationError, match="sums go over what is not in counts: fined"):
        Cells(kind="cells", of="cases", by=("a",), persons="cases", counts=("cases",), sums={"fine": "fined"})
