"""A resident-registry delivery of any size, from the city's own builders, part by part to bound memory."""

from datetime import date
from pathlib import Path

from expectations.contract.catalogue import load_feed
from expectations.contract.formats.csv import Csv
from spark_jobs.city.damage.planting import plant
from spark_jobs.city.feed_data import Generated
from spark_jobs.city.feeds import data_of_feeds
from spark_jobs.city.slots import Slot
from spark_jobs.city.world.city import City
from spark_jobs.city.write.formats.csv import delimited_text

PART = 500_000
BUSINESS_DATE = date(2026, 11, 2)


def write_registry(rows: int, path: Path) -> None:
    """Write `rows` records in the feed's format, 2 % of them defective; the same number gives the same bytes."""
    contract = load_feed("public_security/resident_registry")
    decoding = contract.layout
    assert isinstance(decoding, Csv)
    with path.open("wb") as file:
        for number, first in enumerate(range(0, rows, PART)):
            text = _part(contract.id, number, min(PART, rows - first), decoding)
            body = text if number == 0 else text.split(b"\n", 1)[1]
            file.write(body.decode("utf-8").encode(decoding.encoding))


def _part(feed: str, number: int, rows: int, decoding: Csv) -> bytes:
    slot = Slot(feed, BUSINESS_DATE, "resident_registry_20261102.csv", 0, rows, 0, 1, 7 + number)
    data = data_of_feeds()[feed]
    assert isinstance(data, Generated)
    (batch,) = data.rows(City(rows * 4, slot.business_day, slot.seed), [slot])
    plant(batch, slot, slot.rng("defects"), [], data.kinds)
    return delimited_text(batch, decoding)
