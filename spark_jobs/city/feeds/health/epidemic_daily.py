"""Epidemic counts as published, one file for each business day of the city, counted from 2020-01-23 on."""

import csv
import io
from collections.abc import Iterator
from datetime import date, timedelta

from spark_jobs.city.feed_data import Published, PublishedFile
from spark_jobs.city.world.tables import REAL, read_table

_FIRST_DAY = date(2020, 1, 23)


def _as_published(days: list[date]) -> Iterator[PublishedFile]:
    """As far as there are counts."""
    for number in range(len(days)):
        day = _FIRST_DAY + timedelta(days=number)
        content = _counts(day)
        if content is not None:
            rows = sum(1 for _ in csv.reader(io.StringIO(content.decode("utf-8-sig")))) - 1
            yield PublishedFile(day, content, rows, f"{day.isoformat()}.csv")


def _counts(day: date) -> bytes | None:
    real = REAL / "epidemic" / f"{day.isoformat()}.csv"
    if real.is_file():
        return real.read_bytes()
    rows = [row for row in read_table("epidemic_sample.csv") if row["date"] == day.isoformat()]
    if not rows:
        return None
    text = io.StringIO()
    writer = csv.DictWriter(text, rows[0].keys(), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode("utf-8")


DATA = Published(_as_published)
