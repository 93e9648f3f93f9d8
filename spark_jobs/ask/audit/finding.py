"""What an audit says: broken promises, each with its place and the next step, and what it could not look at."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol

from spark_jobs.base.visible import visible

_LONGEST = 300


@dataclass(frozen=True, order=True)
class Finding:
    """One broken promise.

    Args:
        invariant: which one: I1 to I10, E1, or the promise's short name (`standing`, `lease`, `inbox`, …).
        place: the object, table, delivery or lease; made safe for a terminal.
        what: what is wrong, in counts and hashes; never a value of a row.
        next_step: what the operator should do.
        delivery: the delivery that it is about, where it is about one.
    """

    invariant: str
    place: str
    what: str
    next_step: str
    delivery: str | None = field(default=None, compare=False)

    def __str__(self) -> str:
        return f"{self.invariant} {self.place}: {self.what}; next: {self.next_step}"


@dataclass(frozen=True, order=True)
class Remark:
    """Something that could not be looked at, and why; no promise is known to be broken."""

    place: str
    what: str

    def __str__(self) -> str:
        return f"{self.place}: {self.what}"


@dataclass
class Report:
    """All that an audit found.

    Args:
        findings: broken promises.
        remarks: what was not checked.
        scope: what was looked at.
    """

    findings: list[Finding] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    scope: list[str] = field(default_factory=list)

    def add(self, said: "Iterable[Finding | Remark]") -> None:
        """Take in what a check says."""
        for one in said:
            (self.findings if isinstance(one, Finding) else self.remarks).append(one)  # type: ignore[arg-type]


class Watch(Protocol):
    """Who is told how far an audit is."""

    def begin(self, what: str, total: int) -> None:
        """A part begins, of so many steps."""

    def step(self) -> None:
        """One more step of it is done."""


class Unwatched:
    """Nobody is told."""

    def begin(self, what: str, total: int) -> None:
        """Say nothing."""

    def step(self) -> None:
        """Say nothing."""


def shown(text: str) -> str:
    """Text from outside as a line of a report takes it: short, and without what a terminal would obey."""
    return visible(text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…")
