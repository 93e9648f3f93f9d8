"""How records of one entity are told from records of another: keys, comparisons, blocking, evidence, thresholds."""

import re
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from expectations.key_functions import KEY_FUNCTIONS

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]


class Frozen(BaseModel):
    """Base of the models of an entity spec: immutable, and a misspelt key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Key(Frozen):
    """A column that is computed once per profile from attributes or earlier keys, for blocking and comparison."""

    name: Name
    by: Name | None = None
    """A function of expectations/key_functions.py."""
    of: tuple[Name, ...] = ()
    """What the function is given."""
    sql: str | None = None
    """Instead of a function: a Spark SQL expression over attributes and earlier keys."""

    @model_validator(mode="after")
    def _function_or_sql(self) -> Self:
        if (self.by is None) == (self.sql is None):
            raise ValueError(f"key {self.name}: give either `by` and `of`, or `sql`")
        if self.by is not None:
            if self.by not in KEY_FUNCTIONS:
                raise ValueError(f"key {self.name}: no function {self.by!r}; there are {', '.join(KEY_FUNCTIONS)}")
            wanted = KEY_FUNCTIONS[self.by].arguments
            if len(self.of) != wanted:
                raise ValueError(f"key {self.name}: {self.by} takes {wanted} column(s), `of` has {len(self.of)}")
        return self


Way = Literal["equal", "old_form", "transposed", "one_other", "one_more", "zeroed_tail", "conflict"]
"""How two identifiers relate: the same number; one in the 15-digit form; two neighbours exchanged; one character
another; one character more; the tail zeroed by a spreadsheet; both valid and different."""


class Level(Frozen):
    """One degree of agreement of two profiles; a pair has the first level of a comparison that holds.

    kind       holds when
    equal      all columns of `of` are equal
    distance   the Levenshtein distance of the one column is at most `at_most`
    jaccard    common elements / all elements of the two arrays is at least `at_least`
    overlap    common elements / elements of the smaller array is at least `at_least`
    prefix     one text begins with the other, the shorter having at least `at_least` characters
    crossed    the two columns of `of` are exchanged: a_l = b_r and b_l = a_r
    within     two numbers or dates differ by `at_most` or less (dates: days)
    relative   two numbers differ by at most `at_most` of the greater
    relation   two identifiers, `of: [as written, valid]`, relate in one of the ways that `ways` lists
    sql        the predicate `sql` is true, over the columns of both sides with suffixes `_l` and `_r`
    """

    kind: Literal[
        "equal", "distance", "jaccard", "overlap", "prefix", "crossed", "within", "relative", "relation", "sql"
    ]
    of: tuple[Name, ...] = ()
    at_most: float | None = None
    at_least: float | None = None
    sql: str | None = None
    ways: tuple[Way, ...] = ()
    label: str | None = None
    """What a person reads in an explanation."""
    label_en: str | None = None
    term_frequency: bool = False
    """Rare values that agree weigh more than common ones; for `equal` on one column."""

    @model_validator(mode="after")
    def _parameters_fit_the_kind(self) -> Self:
        problem = self._problem()
        if problem:
            raise ValueError(f"level {self.kind}: {problem}")
        return self

    def _problem(self) -> str | None:
        columns = {"distance": 1, "jaccard": 1, "overlap": 1, "prefix": 1, "within": 1, "relative": 1, "crossed": 2}
        columns["relation"] = 2
        if self.kind == "sql":
            return None if self.sql else "needs `sql`"
        if not self.of or (self.kind in columns and len(self.of) != columns[self.kind]):
            return f"`of` must name {columns.get(self.kind, 'at least one')} column(s)"
        if self.kind in {"distance", "within", "relative"} and self.at_most is None:
            return "needs `at_most`"
        if self.kind in {"jaccard", "overlap", "prefix"} and self.at_least is None:
            return "needs `at_least`"
        if (self.kind == "relation") != bool(self.ways):
            return "`ways` and kind relation belong together"
        if self.term_frequency and (self.kind != "equal" or len(self.of) != 1):
            return "term_frequency is for `equal` on one column"
        return None

    @property
    def columns(self) -> tuple[str, ...]:
        """Profile columns that the level reads, without the suffixes of the sides."""
        if self.sql is not None:
            return _sided(self.sql)
        return self.of


def _sided(sql: str) -> tuple[str, ...]:
    """Columns that a predicate over both sides reads, sorted."""
    return tuple(sorted(set(re.findall(r"\b([a-z][a-z0-9_]*)_[lr]\b", sql))))


class Comparison(Frozen):
    """One thing that two profiles are compared by: its levels from the strongest agreement down.

    Where no level holds, the pair is at level 0 (else); where a side lacks what `needs` names, the comparison says
    nothing. Levels are numbered downwards: the first has the highest number.
    """

    name: Name
    title: str | None = None
    title_en: str | None = None
    needs: tuple[Name, ...] = ()
    """Columns that both sides must have; by default those of the first level."""
    any_of: bool = False
    """It is enough that each side has one of `needs`."""
    unless: str | None = None
    """SQL over both sides: where it is true, the comparison says nothing, as its evidence is another's already."""
    levels: tuple[Level, ...] = Field(min_length=1)
    weights: tuple[float, ...] | None = None
    """Fixed weights in bits, from the first level down and `else` last, instead of learned ones."""

    @model_validator(mode="after")
    def _one_weight_a_level(self) -> Self:
        if self.weights is not None and len(self.weights) != len(self.levels) + 1:
            raise ValueError(f"comparison {self.name}: weights needs {len(self.levels) + 1} numbers (else is last)")
        return self

    @property
    def required(self) -> tuple[str, ...]:
        """Columns whose absence on a side makes the comparison say nothing."""
        first = self.levels[0]
        return self.needs or (first.columns[:1] if first.kind == "relation" else first.columns)

    @property
    def columns(self) -> tuple[str, ...]:
        """Profile columns that the comparison reads."""
        found = {column for level in self.levels for column in level.columns} | set(self.required)
        found |= set(_sided(self.unless or ""))
        return tuple(sorted(found))

    @property
    def frequency_column(self) -> str | None:
        """The column whose term frequency counts, if any."""
        return next((level.of[0] for level in self.levels if level.term_frequency), None)


class BlockingRule(Frozen):
    """Profiles that agree on all of `equal` are candidates; a profile that lacks one of them is not."""

    equal: tuple[Name, ...] = Field(min_length=1)
    each: Name | None = None
    """A column that holds an array: its elements are tried one by one, as a further column of `equal`."""
    at_most: int | None = Field(default=None, ge=2)
    """A larger block is dropped and reported; by default the spec's `largest_block`."""

    @property
    def name(self) -> str:
        """How reports name the rule."""
        return " + ".join((*self.equal, *(() if self.each is None else (f"each {self.each}",))))


class Matching(Frozen):
    """Everything that decides which profiles are the same entity."""

    keys: tuple[Key, ...] = ()
    comparisons: tuple[Comparison, ...] = Field(min_length=1)
    blocking: tuple[BlockingRule, ...] = Field(min_length=1, max_length=30)
    largest_block: int = Field(default=100, ge=2)
    same: tuple[Name, ...] = ()
    """Columns that make two profiles one node where both have them all: certain without comparison."""
    one_value: Name | None = None
    """A column of which an entity has one value at most: two values are evidence against a link (cannot-link)."""
    threshold: float = 0.0
    """Match weight in bits from which a pair is linked; the prior is part of a weight, so 0 is even odds."""
    review: float = -6.0
    """Match weight from which an unlinked pair goes to the review queue."""
    against: float = -10.0
    """A compared pair at or below this weight keeps two groups apart that only weaker links join."""
    between: Name | None = None
    """A column (such as the file) that must differ for a pair to be a candidate; for linking without deduplication."""

    @model_validator(mode="after")
    def _names_are_distinct(self) -> Self:
        for what, names in (("key", [k.name for k in self.keys]), ("comparison", [c.name for c in self.comparisons])):
            twice = sorted({name for name in names if names.count(name) > 1})
            if twice:
                raise ValueError(f"{what} given twice: {', '.join(twice)}")
        return self

    def unknown_columns(self, attributes: set[str]) -> list[str]:
        """Columns that are referred to but are neither attributes nor keys, with the place that does."""
        known = set(attributes)
        found = []
        for key in self.keys:
            found += [f"key {key.name}: {name}" for name in key.of if name not in known]
            known.add(key.name)
        used = {f"comparison {c.name}": c.columns for c in self.comparisons}
        used |= {
            f"blocking {rule.name}": (*rule.equal, *(() if rule.each is None else (rule.each,)))
            for rule in self.blocking
        }
        used |= {"same": self.same}
        used |= {what: (name,) for what, name in (("one_value", self.one_value), ("between", self.between)) if name}
        return found + [f"{where}: {name}" for where, names in used.items() for name in names if name not in known]

    @property
    def frequency_columns(self) -> tuple[str, ...]:
        """Columns whose term frequencies the model holds, sorted."""
        return tuple(sorted({column for c in self.comparisons if (column := c.frequency_column)}))

    @property
    def compared_columns(self) -> tuple[str, ...]:
        """Profile columns that comparing a pair reads, sorted."""
        return tuple(sorted({column for comparison in self.comparisons for column in comparison.columns}))
