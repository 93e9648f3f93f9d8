"""Verify: Great Expectations on what refine wrote. Only this step publishes a silver version."""

from spark_jobs.verify.job import carry_forward, verify
from spark_jobs.verify.outcome import Check, VerifyOutcome

__all__ = ["Check", "VerifyOutcome", "carry_forward", "verify"]
