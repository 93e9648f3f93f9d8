"""What a contract says of when its deliveries are due; see periods.py for what follows."""

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict


class Due(BaseModel):
    """What the cycle of the catalogue and `late_after` leave open."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    days: Literal["working", "calendar"] | None = None
    """Cycles of a day or less: of which days something is due. By default of working days where the cycle is a day, and
    of all days where it is shorter, for machines do not rest."""
    since: date | None = None
    """The first business date that is expected; by default that of the first delivery, so that a feed of which nothing
    has ever come is not told to be late."""
