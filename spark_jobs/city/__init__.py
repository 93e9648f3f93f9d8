"""A synthetic city: what its departments would send, with documented defects, and the truth beside it."""

from spark_jobs.city.generation import CitySummary, generate
from spark_jobs.city.write.table import load_source

__all__ = ["CitySummary", "generate", "load_source"]
