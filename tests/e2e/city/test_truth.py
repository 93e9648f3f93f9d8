"""The warehouse of a generated city against what the city truly is, which is counted without SQL.

Every question of dbt/questions.yml has its answer; comparison jobs find what is to be found, with the rows that show
it, and hardly anything else. One file, so that one worker builds the city and everything is asked of it.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

import pytest

from expectations.comparisons import load_comparisons
from expectations.protection import LEAST_PERSONS
from expectations.questions import Question, load_questions
from tests.e2e.city.attempts import GROUPS, NAMES, Readable
from tests.e2e.city.conftest import CASES, BuiltCity
from tests.e2e.city.true_hits import Hit, TrueHits
from tests.e2e.secrecy import logs

Answer = Mapping[tuple[str, ...], Any]
COMPARISONS = {
    "housing_eligibility": {
        "owns_property", "has_presale_contract", "represents_company", "runs_vehicles", "deceased", "moved_away",
    },
    "poverty_households": {
        "owns_property", "has_presale_contract", "represents_company", "runs_vehicles", "deceased",
    },
    "impossible_settlements": {"after_death", "two_places", "twice"},
    "insurance_coverage": {"not_insured", "deceased", "insured_twice"},
    "certificates_of_deceased": {"holder_deceased"},
    "over_inspected_firms": {"over_inspected"},
}  # fmt: skip
MOST_MISSED = MOST_WRONG = 0.03
"""What entity resolution costs at most: a person that was taken for two, or two for one. One hit is, of a few, more."""
RESIDENTS = "public_security/resident_registry"
BY_CHANCE_ALONE = {"moved_away", "not_insured"}


@pytest.fixture(scope="module")
def truth(city: BuiltCity) -> TrueHits:
    return TrueHits(city.rows)


def found_by(city: BuiltCity, comparison: str) -> set[Hit]:
    """Hits of a mart; of what is looked at, or shows it, only what the comparison names."""
    hits = set()
    for row in city.sql(f"select * from restricted.mart_comparison__{comparison}"):
        subject, evidence = (
            city.place(*(row.get(f"{which}_{name}") for name in ("feed", "delivery_id", "row_number")))
            for which in ("subject", "evidence")
        )
        hits.add(Hit(row["reason"], subject, None if row["reason"] == "not_insured" else evidence))
    return hits


@pytest.mark.parametrize("comparison", COMPARISONS)
def test_a_comparison_finds_what_is_true_and_shows_where(city: BuiltCity, truth: TrueHits, comparison: str) -> None:
    true, found = truth.all()[comparison](), found_by(city, comparison)
    missed, wrong = true - found, found - true
    told = f"{len(true)} true, {len(found)} found"
    assert len(missed) <= max(MOST_MISSED * len(true), 1), f"{told}; missed {Counter(hit.reason for hit in missed)}"
    assert len(wrong) <= max(MOST_WRONG * len(found), 1), f"{told}; wrong {Counter(hit.reason for hit in wrong)}"


@pytest.mark.parametrize("comparison", COMPARISONS)
def test_every_kind_of_hit_was_planted(truth: TrueHits, comparison: str) -> None:
    counts = Counter(hit.reason for hit in truth.all()[comparison]())
    assert set(counts) <= COMPARISONS[comparison]
    assert {reason for reason in COMPARISONS[comparison] if counts[reason] < CASES} <= BY_CHANCE_ALONE


def test_a_hit_leads_to_the_rows_that_it_compares(city: BuiltCity) -> None:
    table = "restricted.mart_comparison__housing_eligibility"
    (hit, *_) = city.sql(f"select * from {table} where reason = 'owns_property' limit 1")
    traced = json.loads(city.lake.run("trace", table, "--key", f"hit_id={hit['hit_id']}", "--json").stdout)
    rows = {(each["feed"], each["row_number"]) for each in traced}
    assert rows == {(hit[f"{which}_feed"], hit[f"{which}_row_number"]) for which in ("subject", "evidence")}


def test_a_life_is_asked_for_by_id_or_by_social_credit_code(city: BuiltCity) -> None:
    counted = "select subject_id, uscc, count(*) as events from restricted.mart_life__event as e"
    firms = (
        f"{counted} inner join base.base_legal_entity as l on l.legal_entity_id = e.subject_id where uscc is not null"
    )
    (firm,) = city.sql(f"{firms} group by all order by events desc limit 1")
    by_id, by_code = (city.lake.run("entity", firm[name], "--life").stdout for name in ("subject_id", "uscc"))
    assert by_id == by_code
    assert f"{firm['subject_id']}: {firm['events']} in all" in by_id
    refused = city.lake.run("entity", "91420000000000000X", "--life", check=False)
    assert refused.returncode != 0
    assert "no legal entity has that code" in refused.stderr
    assert "91420000000000000X" not in refused.stderr


def test_hits_go_back_to_their_departments_once(city: BuiltCity) -> None:
    first, second = (city.lake.run("compare").stdout for _ in range(2))
    assert len(re.findall("hits?, outbox/", first)) == len(COMPARISONS)
    assert second.count("as the department has them") == len(COMPARISONS)
    names = {path.parent.parent.name for path in (city.lake.home / "outbox").glob("*/comparison/*.xlsx")}
    assert names == {each.agency for each in load_comparisons()}
    (shown,) = [
        each for each in json.loads(city.lake.run("systems", "--json").stdout) if each["system"] == "大数据对比"
    ]
    assert shown["state"] == "green"


def truth_of(question: Question) -> Callable[..., Answer]:
    """The function that counts the truth: of the question's name, in the module of its theme."""
    found: Callable[..., Answer] = getattr(import_module(f"tests.e2e.city.answers.{question.theme}"), question.name)
    return found


@pytest.mark.parametrize("question", load_questions(), ids=lambda question: question.name)
def test_the_answer_is_the_truth(city: BuiltCity, truth: TrueHits, question: Question) -> None:
    true = truth_of(question)(city.rows, truth)
    assert true
    rows = (list(row.values()) for row in city.sql(question.query))
    found = {tuple(map(str, labels)): float(figure) for *labels, figure in rows}
    # A few persons more or less are what telling them apart costs; one of a handful is more than a share.
    apart = {
        of: (found.get(of), float(figure))
        for of, figure in true.items()
        if abs(found.get(of, 0) - float(figure)) > max(question.within * float(figure), 1 if question.within else 1e-6)
    }
    assert apart == {}
    assert set(found) <= set(true)


def test_attempts_to_single_a_person_out_fail(city: BuiltCity) -> None:
    analyst = Readable(city.lake.home)
    groups = {attempt.__name__: list(attempt(analyst)) for attempt in GROUPS}
    assert [name for name, sizes in groups.items() if not sizes] == []
    assert {name: min(sizes) for name, sizes in groups.items() if min(sizes) < LEAST_PERSONS} == {}
    for attempt in NAMES:
        looked = list(attempt(analyst))
        assert looked
        assert [where for where, found in looked if found] == []


def test_no_log_holds_a_number_or_address_of_a_person(city: BuiltCity) -> None:
    said = {str(log): text for log, text in logs(city.lake.home)}
    assert len(said) > 500
    residents = [row.text for row in city.rows.of(RESIDENTS)]
    values = {
        text[name] for text in residents for name in ("公民身份号码", "联系电话", "户籍地址") if len(text[name]) > 10
    }
    assert len(values) > len(residents)
    assert [log for log, text in said.items() if any(value in text for value in values)] == []
