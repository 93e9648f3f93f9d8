"""What the page of a theme shows: `page.yml` beside its models, the one place where a page's figures are defined."""

from functools import cache
from pathlib import Path
from typing import Any, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

from expectations.protection import layer_of
from expectations.questions import Question, load_questions

MODELS = Path(__file__).resolve().parents[1] / "dbt" / "models"
FILE = "page.yml"
_NAME = r"^[a-z][a-z0-9_]*$"


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Measure(_Frozen):
    """How a figure is counted, where no question of `dbt/questions.yml` asks for it."""

    model: str
    value: str
    """An aggregate in SQL: the figure, or the numerator of one with `per`."""
    per: str | None = None
    """Denominator, where the figure is a ratio."""
    where: str | None = None

    @property
    def table(self) -> str:
        """As queries name it: where the model's own rows are, not what is released of them."""
        return f"{layer_of(self.model)}.{self.model}"


class Trend(_Frozen):
    """The figure over time."""

    by: str
    grain: Literal["day", "month", "year"]


class Group(_Frozen):
    """The figure by something else than county or time."""

    title: str
    by: str | None = None
    """A column or expression; None: what the question itself has before its last column."""
    sorted_by: Literal["figure", "key"] = "figure"
    """The largest first, or what has an order of its own in that."""
    words: dict[str, str] = {}
    """In Chinese, of codes that neither the column's description nor a contract explains."""
    words_of: str | None = None
    """`agency/feed.column` whose contract explains the codes, where the column has another name there."""


class Figure(_Frozen):
    """One figure: a question's, with the question's query, or one that is measured here."""

    name: str = Field(pattern=_NAME)
    title: str
    unit: str
    decimals: int = Field(default=0, ge=0, le=3)
    times: int = 1
    """What the query's figure is multiplied with before it is shown: 100 where it is a share and the unit is %."""
    question: str | None = None
    measure: Measure | None = None
    has_total: bool = True
    """Whether one figure for the whole city says anything."""
    trend: Trend | None = None
    county: str | None = None
    """The column, or expression, with the six digits of a county's code."""
    groups: tuple[Group, ...] = ()
    counts: Literal["persons", "households"] | None = None
    """Whom it counts: fewer than ten of them are not shown."""
    rule: str | None = None
    """Law or standard that the figure goes by."""

    @model_validator(mode="before")
    @classmethod
    def _of_its_question(cls, stated: dict[str, Any]) -> dict[str, Any]:
        return {"name": stated.get("question"), **stated}

    @model_validator(mode="after")
    def _has_one_definition(self) -> Self:
        if (self.question is None) == (self.measure is None):
            raise ValueError(f"{self.name}: a figure has a question or a measure, one of them")
        if self.question is not None and self.question not in _questions():
            raise ValueError(f"{self.name}: dbt/questions.yml has no question {self.question}")
        if self.question is None and any(group.by is None for group in self.groups):
            raise ValueError(f"{self.name}: a group without `by` is a question's own")
        return self

    @property
    def asked(self) -> Question | None:
        """Its question."""
        return _questions()[self.question] if self.question else None


class ThemePage(_Frozen):
    """The page of a theme, in Chinese."""

    theme: str = Field(pattern=_NAME)
    title: str
    department: str
    """Who answers for the subject."""
    summary: str
    figures: tuple[Figure, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _names_are_distinct(self) -> Self:
        for said in ([figure.name for figure in self.figures], [figure.title for figure in self.figures]):
            if len(said) != len(set(said)):
                raise ValueError(f"{self.theme}: two figures have one name or title")
        return self


class WithoutPage(_Frozen):
    """A theme that has no page, and why."""

    theme: str = Field(pattern=_NAME)
    no_page_because: str


@cache
def _questions() -> dict[str, Question]:
    return {question.name: question for question in load_questions()}


@cache
def load_declared(models: Path = MODELS) -> tuple[ThemePage | WithoutPage, ...]:
    """What each `page.yml` below a folder says, by theme: the name of the folder that it is in.

    Raises:
        ValueError: a file does not say what it must, or asks a question that is not there.
    """
    return tuple(_declared(path) for path in sorted(models.rglob(FILE), key=lambda path: path.parent.name))


def load_pages(models: Path = MODELS) -> tuple[ThemePage, ...]:
    """Every page, by theme."""
    return tuple(each for each in load_declared(models) if isinstance(each, ThemePage))


def _declared(path: Path) -> ThemePage | WithoutPage:
    stated = yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)
    kind = WithoutPage if "no_page_because" in stated else ThemePage
    try:
        return kind(theme=path.parent.name, **stated)
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from None
