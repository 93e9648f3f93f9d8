"""What verify found: expectations and counts, never values."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Check:
    """One expectation on one batch."""

    expectation: str
    """Great Expectations' name of it."""
    title: str
    """What it is about, in Chinese, from the suite."""
    column: str | None
    success: bool
    unexpected_count: int
    """Rows that broke it; of a row count, how far it is off."""
    element_count: int
    """Rows looked at."""
    mostly: float = 1.0
    """Share of rows that must hold."""

    @property
    def subject(self) -> str:
        """Where to look: the column, or the batch as a whole."""
        return self.column or "整批 (batch)"

    def document(self) -> dict[str, Any]:
        """The check as it is stored."""
        return asdict(self)


@dataclass(frozen=True)
class VerifyOutcome:
    """What became of a feed's newest silver version."""

    published: bool
    """This run published a version."""
    silver_version: int | None
    """The version published by now, by this run or before; None before the first."""
    checks: tuple[Check, ...] = ()
    seconds: float = 0.0
