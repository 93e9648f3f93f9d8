"""Every question of dbt/questions.yml has the answer that the generated city knows, counted without SQL."""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

import pytest

from expectations.questions import Question, load_questions
from tests.e2e.warehouse.conftest import BuiltCity
from tests.e2e.warehouse.true_hits import TrueHits

Answer = Mapping[tuple[str, ...], Any]


def truth_of(question: Question) -> Callable[..., Answer]:
    """The function that counts the truth: of the question's name, in the module of its theme."""
    found: Callable[..., Answer] = getattr(
        import_module(f"tests.e2e.warehouse.answers.{question.theme}"), question.name
    )
    return found


@pytest.fixture(scope="module")
def hits(city: BuiltCity) -> TrueHits:
    return TrueHits(city.rows)


@pytest.mark.parametrize("question", load_questions(), ids=lambda question: question.name)
def test_the_answer_is_the_truth(city: BuiltCity, hits: TrueHits, question: Question) -> None:
    true = truth_of(question)(city.rows, hits)
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
