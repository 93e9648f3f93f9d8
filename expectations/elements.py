"""Data elements (数据元): the subjects that contracts describe, what identifies each, what attributes are called."""

from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter

from expectations.entity_spec import load_entities

_FILE = Path(__file__).with_name("elements.yml")


class Subject(BaseModel):
    """Something of which contracts say something."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: str
    """In Chinese."""
    identifiers: tuple[str, ...]
    """Attributes by any of which one is found at another department; collecting them is no repetition."""
    attributes: dict[str, str]
    """What each is called in Chinese, by name."""


@cache
def load_subjects() -> dict[str, Subject]:
    """All subjects by name: kinds of entity, and those of elements.yml."""
    found = {
        spec.entity: Subject(
            title=spec.title,
            identifiers=spec.identifiers,
            attributes={each.name: each.title or each.name for each in spec.attributes},
        )
        for spec in load_entities()
    }
    others = yaml.load(_FILE.read_text("utf-8"), Loader=yaml.CSafeLoader)
    return found | TypeAdapter(dict[str, Subject]).validate_python(others)
