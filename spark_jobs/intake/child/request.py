"""What a decoding process is asked, and how it is sent."""

import struct
from dataclasses import dataclass
from pathlib import Path

from expectations.contract.feed import FeedContract
from spark_jobs.intake.child.decoded import DecodeTask
from spark_jobs.intake.child.limits import Limits

LENGTH = struct.Struct("<Q")
"""Goes before the pickled request."""


@dataclass(frozen=True)
class Request:
    """Deliveries of one feed for one process."""

    contract: FeedContract
    tasks: tuple[DecodeTask, ...]
    limits: Limits
    trace: Path
    """Where the interpreter says where it was when a signal ended it."""
