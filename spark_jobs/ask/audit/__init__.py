"""Whether the lake is what its books say it is."""

from spark_jobs.ask.audit.finding import Finding, Remark, Report, Watch
from spark_jobs.ask.audit.whole import audit

__all__ = ["Finding", "Remark", "Report", "Watch", "audit"]
