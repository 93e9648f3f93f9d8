"""Named crash points, armed by `LAKE_FAILPOINT`, so that tests can kill the process at every step boundary.

A no-op otherwise. `LAKE_FAILPOINT=name` kills the process with SIGKILL when it gets there; `name:2` on the second pass.
"""

import os
import signal

CRASH_POINTS: tuple[str, ...] = (
    "intake.after_seen",
    "intake.after_claim",
    "pulls.after_read",
    "intake.after_landing_copy",
    "intake.after_bronze_commit",
    "intake.after_parsed",
    "refine.after_read",
    "refine.before_quarantine_commit",
    "refine.after_quarantine_commit",
    "refine.after_silver_commit",
    "refine.after_ledger_commit",
    "replacement.after_receipt",
    "replacement.after_bronze_removal",
    "receipt.before_outbox",
    "receipt.after_outbox",
)
"""Every crash point of intake and refine, in the order in which a delivery meets them."""

_passes: dict[str, int] = {}


def failpoint(name: str) -> None:
    """Die here if this point is armed.

    Raises:
        ValueError: the name is not in CRASH_POINTS.
    """
    if name not in CRASH_POINTS:
        raise ValueError(f"unknown crash point {name!r}")
    armed, _, nth = os.environ.get("LAKE_FAILPOINT", "").partition(":")
    if armed != name:
        return
    _passes[name] = _passes.get(name, 0) + 1
    if _passes[name] >= int(nth or 1):
        os.kill(os.getpid(), signal.SIGKILL)
