"""How a feed's deliveries reach us."""

import re
from typing import Literal, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Drop(_Frozen):
    """The department puts files into `inbox/<agency>/<feed>/`."""

    kind: Literal["drop"]
    pattern: str
    """Regular expression of file names; a group `business_date` (yyyyMMdd, yyyy-MM-dd or yyyyMM) dates the delivery."""
    manifest: Literal["required", "optional"] = "optional"
    """A file `<name>.manifest.json` beside it: {"file", "bytes", "sha256", "rows", "business_date"}."""
    stable_for_seconds: int = Field(default=60, ge=0)
    """Without a manifest, a file is complete when its size has not changed for so long."""
    incomplete_after_hours: int = Field(default=24, gt=0)
    """A file that still differs from its manifest by then is rejected as incomplete."""

    @model_validator(mode="after")
    def _pattern_compiles(self) -> Self:
        try:
            compiled = re.compile(self.pattern)
        except re.error as error:
            raise ValueError(f"pattern is not a regular expression: {error}") from error
        if "business_date" not in compiled.groupindex:
            raise ValueError("pattern needs a group (?P<business_date>…)")
        return self


class Jdbc(_Frozen):
    """We read a table of the bureau's database by update time; each read becomes a delivery."""

    kind: Literal["jdbc"]
    connection: str
    """Name of a source in LAKE_SOURCES; the URL is never in a contract."""
    table: str
    updated_at: str
    """Column that the source sets at every change."""
    key: tuple[str, ...]
    """Source columns that order rows of equal update time, so that a pull is repeatable."""
    since: AwareDatetime
    """The first pull's start."""
    overlap_minutes: int = Field(default=60, ge=0)
    """How far a pull looks back: long transactions at the source appear late with an older update time."""


Arrival = Drop | Jdbc
