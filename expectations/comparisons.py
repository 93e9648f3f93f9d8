"""Comparison jobs as their marts describe them: what goes back to which department, and under which headings."""

from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field

MARTS = Path(__file__).resolve().parents[1] / "dbt" / "models" / "marts" / "comparison"
_PREFIX = "mart_comparison__"
IDENTIFIED = {"person": ("resident_id", "公民身份号码")}
"""Where a department has no number of its own for those whom hits are about: column and heading of what it gets."""


class Comparison(BaseModel):
    """One comparison: the block `meta.comparison` of its mart, and the headings of what it gives back."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    """What follows `mart_comparison__`."""
    agency: str
    """Whose outbox has the hits."""
    title: str
    """In Chinese."""
    words: dict[str, dict[str, str]] = Field(min_length=1)
    """By column, each of its values in Chinese; `reason` at least."""
    columns: tuple[str, ...] = Field(min_length=1)
    """Columns of the mart that go back, in order."""
    headings: tuple[str, ...]
    """Of the columns, in Chinese."""
    identify: str | None = None
    """Entity whose number goes back too, where a hit has no number of the department's own."""

    @property
    def mart(self) -> str:
        """Its table."""
        return f"{_PREFIX}{self.name}"


@cache
def load_comparisons() -> tuple[Comparison, ...]:
    """Every comparison, by name.

    Raises:
        ValueError: a mart does not say what goes back, or names a column that it does not describe.
    """
    return tuple(_comparison(path) for path in sorted(MARTS.glob(f"{_PREFIX}*.yml")))


def _comparison(path: Path) -> Comparison:
    (model,) = yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)["models"]
    stated = model["config"]["meta"]["comparison"]
    described = {column["name"]: column["description"].partition("。")[0] for column in model["columns"]}
    if "identify" in stated:
        described |= dict([IDENTIFIED[stated["identify"]]])
    missing = sorted(set(stated["columns"]) - described.keys())
    if missing:
        raise ValueError(f"{path}: meta.comparison names no column of the mart: {', '.join(missing)}")
    headings = tuple(described[name] for name in stated["columns"])
    return Comparison(name=path.stem.removeprefix(_PREFIX), headings=headings, **stated)
