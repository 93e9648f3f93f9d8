"""Makes a whole city: its people and companies, what each feed delivers over some business days, and the truth."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from expectations.contract.catalogue import feed_ids, load_feed
from spark_jobs.base.errors import LakeError
from spark_jobs.city.delivering import Delivering
from spark_jobs.city.feed_data import FeedData, Sampled
from spark_jobs.city.feeds import data_of_feeds
from spark_jobs.city.slots import business_days
from spark_jobs.city.world.city import City
from spark_jobs.city.world.texts import day_number
from spark_jobs.city.write.places import place_of
from spark_jobs.city.write.truth import Truth

Progress = Callable[[float, str], None]
"""Told the share done, 0 to 1, and what is being made."""

_SHARE_OF_PEOPLE = 0.15


@dataclass(frozen=True)
class CitySummary:
    """What was made."""

    files: int
    """Deliveries in the inboxes and at the sources; a table is one."""
    rows: int
    """Records in good deliveries, those of real files included."""
    defects: int
    """Rows with a planted defect, harmless ones included."""


def generate(
    records: int,
    days: int,
    seed: int,
    out: Path,
    start: date = date(2026, 11, 2),
    bad_files: bool = False,
    progress: Progress | None = None,
    data: Mapping[str, FeedData] | None = None,
    cases: int = 0,
) -> CitySummary:
    """Write a city's deliveries below `out`: inbox/, sources/ and truth/. The same arguments give the same bytes.

    Args:
        records: as many rows as a feed of weight 100 delivers; real files and samples come on top.
        days: business days, Monday to Friday.
        seed: any integer from 0.
        out: folder; files of the same names are replaced.
        start: first day; moved to Monday where it is on a weekend.
        bad_files: add deliveries that must be rejected whole.
        progress: told how far it is.
        data: what feeds deliver, by feed; that of `feeds/` where None. A feed with a contract alone delivers a sample.
        cases: so many of each kind that a comparison of departments' data must find, in deliveries of their own.

    Raises:
        LakeError: there is data of a feed that has no contract.
    """
    tell = progress or (lambda done, what: None)
    feeds = _every_feed(data_of_feeds() if data is None else data)
    dates = business_days(start, days)
    city = City(records, day_number(dates[0]), seed, cases)
    made: list[Delivering] = []
    bad = 0
    _remove_sources(out)
    with Truth(out / "truth") as truth:
        tell(0.0, "people and companies")
        truth.write_entities(city.persons.table(), city.companies.table())
        for feed, done in zip(feeds, _shares_done(feeds), strict=True):
            tell(done, feed)
            to = Delivering(place_of(load_feed(feed), out), dates, truth)
            feeds[feed].deliver(to, city)
            bad += to.bad_files(feeds[feed].bad_files) if bad_files else 0
            to.close()
            made.append(to)
        tell(1.0, "done")
    return CitySummary(sum(m.files for m in made) + bad, sum(m.rows for m in made), sum(m.defects for m in made))


def _every_feed(data: Mapping[str, FeedData]) -> dict[str, FeedData]:
    """The data of every contract, sorted by feed."""
    unknown = sorted(data.keys() - set(feed_ids()))
    if unknown:
        step = "write expectations/feeds/<agency>/<feed>.yml, or name the file as the contract is named"
        raise LakeError(f"synthetic data of feeds that have no contract: {', '.join(unknown)}", step)
    return {feed: data.get(feed, Sampled()) for feed in feed_ids()}


def _shares_done(feeds: Mapping[str, FeedData]) -> list[float]:
    """How much is done before each feed's turn."""
    total = sum(data.weight for data in feeds.values()) or 1
    done, found = 0.0, []
    for data in feeds.values():
        found.append(_SHARE_OF_PEOPLE + (1 - _SHARE_OF_PEOPLE) * done / total)
        done += data.weight
    return found


def _remove_sources(out: Path) -> None:
    """Databases are filled table by table, so an older city's must not be there."""
    for path in (out / "sources").glob("*.db"):
        path.unlink()
