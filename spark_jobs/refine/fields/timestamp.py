"""Moments in the contract's formats (GB/T 7408-2005)."""

from pyspark.sql import Column

from spark_jobs.refine.fields import moments
from spark_jobs.refine.fields.parsed import Given, Parsing, Plain


def parse(text: Column, given: Given) -> Parsing:
    """The moment in the session's time zone; null and a breach where it does not exist or is written otherwise."""
    return moments.parse(text, given, "timestamp")


def plain(text: Column, given: Given) -> Plain:
    """A moment in the first of the formats."""
    return moments.plain(text, given, "timestamp")
