"""What a field parser is: one text in, a typed value out, with every way in which the text was wrong or was mended."""

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field

from pyspark.sql import Column

from expectations.contract.feed import Column as ContractColumn
from spark_jobs.refine.fields.known_codes import KnownCodes


@dataclass(frozen=True)
class Parsed:
    """The outcome of one field, as expressions.

    A condition that is null counts as not met.
    """

    value: Column
    """The typed value; conform blanks it where a breach makes it unusable."""
    breaches: Mapping[str, Column] = field(default_factory=dict)
    """Breach code of the domain type -> condition; the first that is met is the field's breach."""
    notes: Mapping[str, Column] = field(default_factory=dict)
    """Note code of the domain type -> condition; all that are met are logged."""


@dataclass(frozen=True)
class Given:
    """What a parser may look at beside the text."""

    column: ContractColumn
    source: Column
    """The text as delivered."""
    known: KnownCodes
    business_date: Column


@dataclass(frozen=True)
class Plain:
    """The short way of a field: a text that needs no mending and breaks nothing, tested and read in one go."""

    holds: Column
    """The text as delivered, neither null nor blank, is one that the parser gives `value` for, without breach or note.

    False or null sends the row the long way, so it may be false for texts that are good but rare.
    """
    value: Column


Step = tuple[Column, ...]
Parsing = Generator[Step, Step, Parsed]
"""A parser in steps: it yields expressions and gets back the columns that hold their results.

Each step becomes one projection. Without steps, an expression that is used in several conditions would be copied into
each of them, and the generated code would grow past what the JVM compiles. Every step also copies the row once more,
so a parser takes as few as it can.
"""

Parser = Callable[[Column, Given], Parsing]
"""Parser of a non-blank text (null where it was blank or absent); its outer white space is gone."""

PlainReader = Callable[[Column, Given], Plain]
"""The short way of a domain type; it gets the text as delivered."""
