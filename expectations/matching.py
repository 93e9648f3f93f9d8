"""How records of one entity are told from records of another: keys, comparisons, blocking, evidence, thresholds."""

from typing import Self

from pydantic import Field, model_validator

from expectations.key_functions import KEY_FUNCTIONS
from expectations.levels import Frozen, Level, Name, sided

MOST_COMPARISONS = 16
MOST_LEVELS = 14
"""All levels of a pair are packed into 64 bits, four a comparison."""


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
    levels: tuple[Level, ...] = Field(min_length=1, max_length=MOST_LEVELS)
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
        found |= set(sided(self.unless or ""))
        return tuple(sorted(found))

    @property
    def frequency_columns(self) -> frozenset[str]:
        """Columns whose values weigh by their frequency where they are equal."""
        return frozenset(level.of[0] for level in self.levels if level.weighs_values)

    @property
    def rarity_columns(self) -> frozenset[str]:
        """Columns of arrays whose elements count by their rarity."""
        return frozenset(level.of[0] for level in self.levels if level.term_frequency and not level.weighs_values)


class BlockingRule(Frozen):
    """Profiles that agree on all of `equal` are candidates; a profile that lacks one of them is not."""

    equal: tuple[Name, ...] = ()
    each: Name | None = None
    """A column that holds an array: its elements are tried one by one, as a further column of `equal`."""
    at_most: int | None = Field(default=None, ge=2)
    """A larger block is dropped and reported; by default the spec's `largest_block`."""
    sole: bool = False
    """A block that holds two values of `one_value` is dropped: what two bear is no name of either."""

    @model_validator(mode="after")
    def _names_a_column(self) -> Self:
        if not self.equal and self.each is None:
            raise ValueError("a blocking rule needs `equal`, `each` or both")
        return self

    @property
    def name(self) -> str:
        """How reports name the rule."""
        return " + ".join((*self.equal, *(() if self.each is None else (f"each {self.each}",))))


class Matching(Frozen):
    """Everything that decides which profiles are the same entity."""

    keys: tuple[Key, ...] = ()
    comparisons: tuple[Comparison, ...] = Field(min_length=1, max_length=MOST_COMPARISONS)
    blocking: tuple[BlockingRule, ...] = Field(min_length=1, max_length=30)
    largest_block: int = Field(default=100, ge=2)
    same: tuple[Name, ...] = ()
    """Columns that make two profiles one node where both have them all: certain without comparison."""
    one_value: Name | None = None
    """A column of which an entity has one value at most: two values are evidence against a link (cannot-link)."""
    one_per: Name | None = None
    """A column of which an entity has each value once at most: catalogues that list a thing once (`one_per: file`)."""
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

    @model_validator(mode="after")
    def _a_column_is_weighed_in_one_way(self) -> Self:
        both = sorted(set(self.frequency_columns) & set(self.rarity_columns))
        if both:
            raise ValueError(f"term_frequency of {', '.join(both)} in `equal` and in `jaccard` or `overlap`; use one")
        return self

    @model_validator(mode="after")
    def _one_way_to_contradict(self) -> Self:
        if self.one_per is not None and (self.one_value is not None or self.same):
            raise ValueError("one_per goes with neither one_value nor same; leave one of them out")
        return self

    @model_validator(mode="after")
    def _sole_is_of_one_value(self) -> Self:
        if self.sole_rules and self.one_value is None:
            raise ValueError("a blocking rule is sole, but there is no one_value of which its blocks may hold one only")
        return self

    @property
    def sole_rules(self) -> tuple[int, ...]:
        """Numbers of the rules whose blocks are dropped where they hold two values of `one_value`."""
        return tuple(number for number, rule in enumerate(self.blocking) if rule.sole)

    @property
    def decisive(self) -> Name | None:
        """The column whose values alone can keep two groups apart."""
        return self.one_value or self.one_per

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
        singles = {"one_value": self.one_value, "one_per": self.one_per, "between": self.between}
        used |= {what: (name,) for what, name in singles.items() if name}
        return found + [f"{where}: {name}" for where, names in used.items() for name in names if name not in known]

    @property
    def frequency_columns(self) -> tuple[str, ...]:
        """Columns whose values weigh by their frequency, sorted."""
        return tuple(sorted(frozenset().union(*(c.frequency_columns for c in self.comparisons))))

    @property
    def rarity_columns(self) -> tuple[str, ...]:
        """Columns of arrays whose elements count by their rarity, sorted."""
        return tuple(sorted(frozenset().union(*(c.rarity_columns for c in self.comparisons))))

    @property
    def compared_columns(self) -> tuple[str, ...]:
        """Profile columns that comparing a pair reads, sorted."""
        return tuple(sorted({column for comparison in self.comparisons for column in comparison.columns}))

    @property
    def equality_columns(self) -> frozenset[str]:
        """Compared columns of which nothing but equality, or absence, is ever asked."""
        more = {name for name in (self.decisive, self.between) if name}
        for comparison in self.comparisons:
            more |= set(sided(comparison.unless or ""))
            more |= {name for level in comparison.levels if level.kind != "equal" for name in level.columns}
        return frozenset(self.compared_columns) - more
