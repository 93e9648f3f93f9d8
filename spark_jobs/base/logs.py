"""Logs of jobs: one line an event on standard error, no values of rows.

Imported by what logs, not by every command: a question to the lake need not wait for it.
"""

import logging
import sys
from typing import Any

import structlog

structlog.configure(
    processors=[
        structlog.processors.TimeStamper(fmt="iso"),
        structlog.processors.add_log_level,
        structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"]),
    ],
    wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
    logger_factory=structlog.PrintLoggerFactory(sys.stderr),
)


def logger(name: str) -> Any:
    """The log of one kind of job."""
    return structlog.get_logger(name)
