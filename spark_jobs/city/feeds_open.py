"""Feeds without made-up persons: divisions, medical institutions, epidemic counts; real files where they are."""

import csv
import io
import json
from datetime import date, timedelta
from pathlib import Path

from spark_jobs.city.world.tables import DATA, read_table

REAL = Path(__file__).parents[2].parent / "shared" / "real"
"""Published files beside the project, with their licences; absent on most machines."""

_FIRST_EPIDEMIC_DAY = date(2020, 1, 23)


def divisions() -> tuple[bytes, int]:
    """The divisions as published, and how many rows."""
    return (DATA / "xianning_divisions.csv").read_bytes(), len(read_table("xianning_divisions.csv"))


def medical_institutions() -> tuple[bytes, int]:
    """The hospitals of Hubei as found, or our made-up institutions; and how many."""
    real = REAL / "hospitals_hubei.json"
    if real.is_file():
        content = real.read_bytes()
        return content, len(json.loads(content))
    made_up: list[dict[str, str | int | list[str]]] = [
        {
            "province": "湖北省",
            "city": "咸宁市" if row["division_code"].startswith("4212") else "武汉市",
            "cityCode": int(row["division_code"][:4] + "00"),
            "name": row["name"],
            "address": "",
            "tel": "",
            "tags": [],
        }
        for row in read_table("institutions.csv")
        if row["kind"] == "H"
    ]
    return json.dumps(made_up, ensure_ascii=False, indent=1).encode("utf-8"), len(made_up)


def epidemic_days(days: int) -> list[tuple[str, date, bytes, int]]:
    """File name, date, content and rows of each day from 2020-01-23 on, as far as there are counts."""
    found = []
    for number in range(days):
        day = _FIRST_EPIDEMIC_DAY + timedelta(days=number)
        content = _epidemic_day(day)
        if content is not None:
            rows = sum(1 for _ in csv.reader(io.StringIO(content.decode("utf-8-sig")))) - 1
            found.append((f"{day.isoformat()}.csv", day, content, rows))
    return found


def _epidemic_day(day: date) -> bytes | None:
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
