"""Every question of dbt/questions.yml is asked in Chinese, and has a truth to be compared with."""

import re
from importlib import import_module

import pytest

from expectations.questions import Question, load_questions

CHINESE = re.compile("[\u4e00-\u9fff]")


@pytest.mark.parametrize("question", load_questions(), ids=lambda question: question.name)
def test_a_question_is_in_chinese_and_its_truth_is_counted(question: Question) -> None:
    assert CHINESE.search(question.question)
    assert question.question.endswith("？")
    answers = import_module(f"tests.e2e.city.answers.{question.theme}")
    assert callable(getattr(answers, question.name))


def test_a_query_reads_base_libraries_and_marts_alone() -> None:
    read = {layer for each in load_questions() for layer in re.findall(r"(?:from|join) ([a-z]+)\.", each.query)}
    assert read == {"base", "restricted", "marts"}
