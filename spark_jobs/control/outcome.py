"""What became of a delivery in a step: intake and refine return it, the job above them closes the delivery."""

from dataclasses import dataclass, field
from typing import Any

from expectations.rejections import DeliveryRejected


@dataclass(frozen=True)
class Outcome:
    """One delivery after intake or refine: accepted + quarantined + rejected is what intake counted."""

    delivery_id: str
    accepted: int = 0
    quarantined: int = 0
    rejected: int = 0
    reasons: dict[str, int] = field(default_factory=dict)
    """Quarantined rows by breach code; a row with several breaches counts under each."""
    warnings: dict[str, int] = field(default_factory=dict)
    """Accepted rows by breach code."""
    notes: dict[str, int] = field(default_factory=dict)
    """Accepted rows by what was mended; `total:<name>` for a total that is out of bounds but only warns."""
    silver_version: int | None = None
    """The version that holds the accepted rows; None where none were."""
    quarantine_version: int | None = None
    rejection: DeliveryRejected | None = None
    """Why nothing of the delivery is used."""
    accounting: dict[str, Any] | None = None
    """Intake's counts and byte ranges, as the ledger keeps them."""
    bronze_version: int | None = None
    """Intake: the version that holds all records; None where there were none."""

    def counts(self) -> dict[str, Any]:
        """What the ledger keeps of refine's work."""
        names = ("accepted", "quarantined", "reasons", "warnings", "notes", "silver_version", "quarantine_version")
        return {name: getattr(self, name) for name in names}
