"""What of a receipt is kept for good: by it the scores of any day are reckoned again."""

from collections.abc import Mapping
from typing import Any

_KEPT = ("feed", "status", "rows_counted", "accepted", "quarantined", "rejected", "reasons", "warnings")


def counts_of(receipt: Mapping[str, Any]) -> dict[str, Any]:
    """Its feed and status, its numbers of rows, and its reasons; of a rejection the code; whether it came late."""
    rejection = receipt.get("rejection") or {}
    kept = {name: receipt.get(name) for name in _KEPT}
    return {**kept, "rejection": rejection.get("code"), "is_late": bool(receipt.get("late"))}
