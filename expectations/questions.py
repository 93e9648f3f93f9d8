"""Questions that the warehouse answers: `dbt/questions.yml`, by theme."""

from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field

_FILE = Path(__file__).resolve().parents[1] / "dbt" / "questions.yml"


class Question(BaseModel):
    """One question of a theme."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    theme: str
    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    question: str
    """In Chinese, as its asker would put it."""
    query: str
    """SQL over base libraries and marts; its last column is the figure, what stands before says of what."""
    within: float = Field(default=0, ge=0, lt=1)
    """Share by which a figure may differ from the truth: where it counts persons or firms that had to be told apart."""


@cache
def load_questions() -> tuple[Question, ...]:
    """All of them, in the file's order.

    Raises:
        ValueError: two questions have one name.
    """
    themes = yaml.load(_FILE.read_text("utf-8"), Loader=yaml.CSafeLoader)
    found = tuple(Question(theme=theme, **each) for theme, questions in themes.items() for each in questions or ())
    names = [question.name for question in found]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ValueError(f"{_FILE}: questions given twice: {', '.join(twice)}")
    return found
