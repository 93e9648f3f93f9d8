"""The systems and key projects of the city's study, and the feeds by which each comes into the lake."""

from functools import cache
from pathlib import Path
from typing import Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter, model_validator

_FILE = Path(__file__).with_name("systems.yml")


class System(BaseModel):
    """One system or key project."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    """As the study calls it, in Chinese."""
    feeds: tuple[str, ...] = ()
    """Its feeds, `agency/feed`."""
    shown_by: Literal["receipt_chain", "channels", "comparisons"] | None = None
    """Of a project that is the lake itself: what of the lake shows it."""

    @model_validator(mode="after")
    def _comes_in_one_way(self) -> Self:
        if bool(self.feeds) == (self.shown_by is not None):
            raise ValueError(f"{self.name}: either feeds, or shown_by")
        return self


@cache
def load_systems() -> tuple[System, ...]:
    """All of them, in the order of the list."""
    text = _FILE.read_text("utf-8")
    return TypeAdapter(tuple[System, ...]).validate_python(yaml.load(text, Loader=yaml.CSafeLoader))
