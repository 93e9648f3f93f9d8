"""What of a receipt is kept for good: by it the scores of any day are reckoned again."""

from collections.abc import Mapping
from typing import Any

_KEPT = ("status", "rows_counted", "accepted", "quarantined", "rejected", "reasons", "warnings")


def counts_of(receipt: Mapping[str, Any]) -> dict[str, Any]:
    """Its status, its numbers of rows, and its reasons; of a rejection the code."""
    rejection = receipt.get("rejection") or {}
    return {**{name: receipt.get(name) for name in _KEPT}, "rejection": rejection.get("code")}
