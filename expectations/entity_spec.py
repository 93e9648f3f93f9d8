"""What we expect of one kind of entity: which numbers identify it, what is known of it, and whom to believe."""

from functools import cache
from pathlib import Path
from typing import Annotated, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from expectations.contract import FeedContract, Mention

ENTITIES = Path(__file__).parent / "entities"
Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
FeedId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]+/[a-z0-9_]+$")]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Attribute(_Frozen):
    """One thing that records say of an entity."""

    name: Name
    type: str
    """Spark type."""
    title: str
    title_en: str
    believe: tuple[FeedId, ...] = ()
    """Feeds whose value wins over any other's, best first; among equals the newest value wins."""


class EntitySpec(_Frozen):
    """One kind of entity. The file's name is its name."""

    entity: Name
    title: str
    title_en: str
    id_prefix: Annotated[str, StringConstraints(pattern=r"^[A-Z]$")]
    identifiers: tuple[Name, ...] = Field(min_length=1)
    """Attributes whose valid value identifies an entity, strongest first."""
    attributes: tuple[Attribute, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _identifiers_are_attributes(self) -> Self:
        unknown = sorted(set(self.identifiers) - {attribute.name for attribute in self.attributes})
        if unknown:
            raise ValueError(f"identifiers names no attribute: {', '.join(unknown)}")
        return self

    @property
    def id_column(self) -> str:
        """Name of the column that holds this entity's permanent id, in every table."""
        return f"{self.entity}_id"

    def mentions_of(self, feed: FeedContract) -> tuple[Mention, ...]:
        """The mentions of this entity in a feed.

        Raises:
            ValueError: a mention gives an attribute that this entity does not have.
        """
        known = {attribute.name for attribute in self.attributes}
        found = tuple(mention for mention in feed.mentions if mention.entity == self.entity)
        for mention in found:
            unknown = sorted(set(mention.attributes) - known)
            if unknown:
                raise ValueError(f"{feed.id}: {self.entity} has no attribute {', '.join(unknown)}")
        return found


@cache
def load_entity(entity: str) -> EntitySpec:
    """The spec of one kind of entity, from `entities/<entity>.yml`.

    Raises:
        ValueError: there is no such spec, or it is wrong.
    """
    path = ENTITIES / f"{entity}.yml"
    if not path.is_file():
        raise ValueError(f"no entity {entity}: {path} does not exist")
    return EntitySpec.model_validate({**yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader), "entity": entity})


def load_entities() -> tuple[EntitySpec, ...]:
    """All entity specs, sorted by name."""
    return tuple(load_entity(path.stem) for path in sorted(ENTITIES.glob("*.yml")))
