"""A resident-registry delivery of any size, from the city's own builders, part by part to bound memory."""

from pathlib import Path

import numpy as np

from expectations.contract.catalogue import load_feed
from expectations.contract.formats.csv import Csv
from spark_jobs.city.batch import Slot
from spark_jobs.city.damage.planting import plant
from spark_jobs.city.feeds_population import resident_registry
from spark_jobs.city.world.city import City
from spark_jobs.city.world.texts import day_number
from spark_jobs.city.write.delimited import delimited_text

PART = 500_000
BUSINESS_DATE = "2026-11-02"


def write_registry(rows: int, path: Path) -> None:
    """Write `rows` records in the feed's format, 2 % of them defective; the same number gives the same bytes."""
    contract = load_feed("public_security/resident_registry")
    decoding = contract.decode
    assert isinstance(decoding, Csv)
    with path.open("wb") as file:
        for number, first in enumerate(range(0, rows, PART)):
            text = _part(contract.id, number, min(PART, rows - first), decoding)
            body = text if number == 0 else text.split(b"\n", 1)[1]
            file.write(body.decode("utf-8").encode(decoding.encoding))


def _part(feed: str, number: int, rows: int, decoding: Csv) -> bytes:
    from datetime import date

    today = day_number(date.fromisoformat(BUSINESS_DATE))
    rng = np.random.default_rng([7, number])
    city = City(rows * 4, today, 7 + number)
    slot = Slot(feed, today, "resident_registry_20261102.csv", 0, rows, 0, 1)
    batch = resident_registry(city, slot, rng)
    plant(batch, slot, rng, [])
    return delimited_text(batch, decoding)
