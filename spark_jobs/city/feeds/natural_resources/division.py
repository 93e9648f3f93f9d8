"""The administrative divisions of Xianning as published by two authorities, carried with the project."""

from collections.abc import Iterator
from datetime import date

from spark_jobs.city.feed_data import Published, PublishedFile
from spark_jobs.city.world.tables import DATA as TABLES
from spark_jobs.city.world.tables import read_table

_TABLE = "xianning_divisions.csv"


def _on_first_day(days: list[date]) -> Iterator[PublishedFile]:
    yield PublishedFile(days[0], (TABLES / _TABLE).read_bytes(), len(read_table(_TABLE)))


DATA = Published(_on_first_day)
