"""Something that a build has to follow."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Change:
    """Something that the warehouse reads, and that is not what it was.

    Args:
        name: of what has changed, for whoever reads of the build.
        made: what is to be made of it, as dbt selects it; with a + at its end where all that follows is.
    """

    name: str
    made: tuple[str, ...]

    @classmethod
    def of_source(cls, source: str, table: str) -> "Change":
        """A table that dbt calls a source, all of it."""
        return cls(f"{source}.{table}", (f"source:{source}.{table}+",))
