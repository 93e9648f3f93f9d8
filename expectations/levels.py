"""Levels: the degrees of agreement that a comparison of two profiles may have."""

import re
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, StringConstraints, model_validator

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]


class Frozen(BaseModel):
    """Base of the models of an entity spec: immutable, and a misspelt key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


Way = Literal["equal", "old_form", "transposed", "one_other", "one_more", "zeroed_tail", "conflict"]
"""How two identifiers relate: the same number; one in the 15-digit form; two neighbours exchanged; one character
another; one character more; the tail zeroed by a spreadsheet; both valid and different."""


Kind = Literal[
    "equal",
    "distance",
    "similarity",
    "rearranged",
    "jaccard",
    "overlap",
    "prefix",
    "crossed",
    "within",
    "relative",
    "relation",
    "sql",
]
_COLUMNS: dict[Kind, int] = {
    **dict.fromkeys(("distance", "similarity", "rearranged", "jaccard", "overlap", "prefix", "within", "relative"), 1),
    **dict.fromkeys(("crossed", "relation"), 2),
}
"""How many columns a kind compares; any number for `equal`."""
_AT_MOST = {"distance", "rearranged", "within", "relative"}
_AT_LEAST = {"similarity", "jaccard", "overlap", "prefix"}
_SHARES = {"similarity", "jaccard", "overlap"}


class Level(Frozen):
    """One degree of agreement of two profiles; a pair has the first level of a comparison that holds.

    kind       holds when
    equal      all columns of `of` are equal
    distance   the Levenshtein distance of the one column is at most `at_most`
    similarity 1 - Levenshtein distance / length of the longer text is at least `at_least`
    rearranged the two texts have the same characters, and their Levenshtein distance is at most `at_most` (usually 2):
               two characters changed places, or one moved
    jaccard    common elements / all elements of the two arrays is at least `at_least`
    overlap    common elements / elements of the smaller array is at least `at_least`
    prefix     one text begins with the other, the shorter having at least `at_least` characters
    crossed    the two columns of `of` are exchanged: a_l = b_r and b_l = a_r
    within     two numbers or dates differ by `at_most` or less (dates, also as text YYYY-MM-DD: days)
    relative   two numbers differ by at most `at_most` of the greater
    relation   two identifiers, `of: [as written, valid]`, relate in one of the ways that `ways` lists
    sql        the predicate `sql` is true, over the columns of both sides with suffixes `_l` and `_r`
    """

    kind: Kind
    of: tuple[Name, ...] = ()
    at_most: float | None = None
    at_least: float | None = None
    sql: str | None = None
    ways: tuple[Way, ...] = ()
    label: str | None = None
    """What a person reads in an explanation."""
    label_en: str | None = None
    term_frequency: bool = False
    """For `equal` on one column: rare values that agree weigh more than common ones. For `jaccard` and `overlap`:
    elements count by their rarity, log2 of all profiles over those that have the element, instead of one each."""

    @model_validator(mode="after")
    def _parameters_fit_the_kind(self) -> Self:
        problem = self._problem()
        if problem:
            raise ValueError(f"level {self.kind}: {problem}")
        return self

    def _problem(self) -> str | None:
        wanted = _COLUMNS.get(self.kind)
        if (self.kind == "sql") != (self.sql is not None):
            return "`sql` and kind sql belong together"
        if self.kind != "sql" and (not self.of or (wanted and len(self.of) != wanted)):
            return f"`of` must name {wanted or 'at least one'} column(s)"
        if (self.kind == "relation") != bool(self.ways):
            return "`ways` and kind relation belong together"
        return self._numbers_problem() or self._frequency_problem()

    def _numbers_problem(self) -> str | None:
        for name, value, kinds in (("at_most", self.at_most, _AT_MOST), ("at_least", self.at_least, _AT_LEAST)):
            if (value is None) == (self.kind in kinds):
                return f"needs `{name}`" if value is None else f"takes no `{name}`"
        if self.kind in _SHARES and self.at_least is not None and not 0 < self.at_least <= 1:
            return "`at_least` is a share, above 0 and up to 1"
        return None

    def _frequency_problem(self) -> str | None:
        if self.term_frequency and (self.kind not in {"equal", "jaccard", "overlap"} or len(self.of) != 1):
            return "term_frequency is for `equal` on one column, `jaccard` and `overlap`"
        return None

    @property
    def weighs_values(self) -> bool:
        """A pair's weight depends on how frequent the value is that agrees."""
        return self.term_frequency and self.kind == "equal"

    @property
    def described(self) -> str:
        """What a report calls it: its label, or what makes it differ from others of its comparison."""
        bounds = [
            f"{sign} {bound:g}" for sign, bound in (("≥", self.at_least), ("≤", self.at_most)) if bound is not None
        ]
        said = " ".join([self.kind, ", ".join(self.of), *bounds, "/".join(self.ways)])
        return self.label_en or self.label or " ".join(said.split())

    @property
    def columns(self) -> tuple[str, ...]:
        """Profile columns that the level reads, without the suffixes of the sides."""
        if self.sql is not None:
            return sided(self.sql)
        return self.of


def sided(sql: str) -> tuple[str, ...]:
    """Columns that a predicate over both sides reads, sorted."""
    return tuple(sorted(set(re.findall(r"\b([a-z][a-z0-9_]*)_[lr]\b", sql))))
