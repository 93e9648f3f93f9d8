"""What we expect of one kind of entity: which numbers identify it, what is known of it, and whom to believe."""

from functools import cache
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, ValidationError, model_validator

from expectations.contract.feed import FeedContract, Mention
from expectations.entity_sql import sql_faults
from expectations.levels import Frozen, Name
from expectations.matching import Matching
from expectations.yaml_files import faults, read_mapping

ENTITIES = Path(__file__).parent / "entities"
FeedId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]+/[a-z0-9_]+$")]


_OF_PROFILES = frozenset({"profile_id", "node_id", "value", "block_keys"})
"""Columns that resolution keeps beside the keys of a profile."""
_OF_RECORDS = _OF_PROFILES | {"record_id", "file_number", "feed", "records", "first_sequence", "first_date"}
"""Columns that it keeps beside what a record says."""


class SpecError(ValueError):
    """An entity spec that is wrong; the text names the file and each fault."""


def names_of(given: str | tuple[str, ...]) -> tuple[str, ...]:
    """One name or several, as several."""
    return (given,) if isinstance(given, str) else given


class Attribute(Frozen):
    """One thing that records say of an entity."""

    name: Name
    type: str = "string"
    """Spark type."""
    title: str | None = None
    title_en: str | None = None
    source: str | tuple[str, ...] | None = None
    """Column of record files, where it has another name; a list of names where files differ."""
    optional: bool = False
    """Record files may all lack its column, although matching uses it."""
    believe: tuple[FeedId, ...] = ()
    """Feeds whose value wins over any other's, best first."""
    survive: Literal["recent", "agreed"] = "recent"
    """Among equally believed values: the newest, or the one that most records say (ties: the newest)."""

    @property
    def sources(self) -> tuple[str, ...]:
        """Names that its column may have in record files."""
        return names_of(self.source or self.name)


class RecordFiles(Frozen):
    """How files of records are read by `lake evaluate`."""

    id: str | tuple[str, ...]
    """Column that tells one record from another; a list of names where files differ."""
    nulls: tuple[str, ...] = ("",)
    """Texts that mean absent, after blanks around them are cut; the empty text always does."""
    encoding: str | None = None
    """Of CSV files; by default UTF-8, and Windows-1252 where a file is no UTF-8."""


class EntitySpec(Frozen):
    """One kind of entity. The file's name is its name."""

    entity: Name
    title: str
    title_en: str
    id_prefix: Annotated[str, StringConstraints(pattern=r"^[A-Z]$")]
    identifiers: tuple[Name, ...] = ()
    """Attributes whose value alone says that a row speaks of an entity of this kind, strongest first."""
    attributes: tuple[Attribute, ...] = Field(min_length=1)
    records: RecordFiles | None = None
    matching: Matching

    @model_validator(mode="after")
    def _names_refer_to_attributes(self) -> Self:
        names = [attribute.name for attribute in self.attributes]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"attribute given twice: {', '.join(twice)}")
        taken = sorted({*names} & _OF_RECORDS | {key.name for key in self.matching.keys} & _OF_PROFILES)
        if taken:
            raise ValueError(
                f"{', '.join(taken)}: resolution has a column of this name itself; give the attribute or key another "
                "name, and name an attribute's column by `source`"
            )
        unknown = sorted(set(self.identifiers) - set(names))
        if unknown:
            raise ValueError(f"identifiers names no attribute: {', '.join(unknown)}")
        strangers = self.matching.unknown_columns(set(names))
        if strangers:
            raise ValueError(f"neither an attribute nor an earlier key: {'; '.join(strangers)}")
        faults = sql_faults(self.matching)
        if faults:
            raise ValueError("; ".join(faults))
        return self

    @property
    def id_column(self) -> str:
        """Name of the column that holds this entity's permanent id, in every table."""
        return f"{self.entity}_id"

    @property
    def believed(self) -> tuple[str, ...]:
        """Feeds that some attribute believes above others, sorted."""
        return tuple(sorted({feed for attribute in self.attributes for feed in attribute.believe}))

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
    return load_spec(path)


def load_spec(path: Path) -> EntitySpec:
    """The spec in a file; its name is the entity's.

    Raises:
        SpecError: the file is no YAML, or not a spec: every fault with its place.
    """
    try:
        content, node = read_mapping(path, "a spec, see expectations/entities/README.md,")
    except OSError as error:
        raise SpecError(f"{path}: {error.strerror}") from error
    except ValueError as error:
        raise SpecError(str(error)) from error
    try:
        return EntitySpec.model_validate({**content, "entity": path.stem.lower().replace("-", "_")})
    except ValidationError as error:
        raise SpecError(f"{path} is not an entity spec:\n{faults(path, node, error, 'spec')}") from error


def load_entities() -> tuple[EntitySpec, ...]:
    """All entity specs, sorted by name."""
    return tuple(load_entity(path.stem) for path in sorted(ENTITIES.glob("*.yml")))
