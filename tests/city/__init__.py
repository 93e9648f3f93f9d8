"""A synthetic city: what its departments would send, with documented defects, and the truth beside it."""

from tests.city.generation import CitySummary, generate
from tests.city.write_database import load_source

__all__ = ["CitySummary", "generate", "load_source"]
