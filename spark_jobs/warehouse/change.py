"""Something that a build has to follow, and what it is told to dbt."""

from dataclasses import dataclass

_PARENTS_OR_DEPTH = "@0123456789"
"""How a selection begins that says itself how far it goes."""


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


def views_read_by(selected: str) -> str:
    """The views that are read by a selection of dbt, and by all that follows where that is selected.

    Sail is told of tables alone, and forgets a view with its session.
    """
    if selected[0] in _PARENTS_OR_DEPTH or selected[-1].isdigit():
        above = selected
    else:
        above = f"@{selected.strip('+')}" if selected.endswith("+") else f"+{selected.lstrip('+')}"
    return f"{above},config.materialized:view"
