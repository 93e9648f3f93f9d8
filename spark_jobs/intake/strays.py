"""What lies in an inbox and cannot become a delivery, and why: every object is answered."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from difflib import get_close_matches

from expectations.contract.channels.drop import Drop
from expectations.contract.feed import FeedContract
from spark_jobs.intake.manifest import SUFFIX
from spark_jobs.lake.storage.objects import KEY_BYTES, Look, ObjectVersion, Oddity

_CODES = {
    "link": "not_a_file",
    "special": "not_a_file",
    "hidden": "hidden_name",
    "unreadable": "unreadable",
    "too_deep": "too_deep",
    "empty_folder": "empty_folder",
}


@dataclass(frozen=True)
class Stray:
    """One such object."""

    key: str
    version: str
    agency: str | None
    """Whose it is; None where that cannot be told."""
    code: str
    """Of notices.yml."""
    details: dict[str, object] = field(default_factory=dict)


class Places:
    """The folders that an inbox may have.

    Args:
        contracts: all feeds.
    """

    def __init__(self, contracts: Iterable[FeedContract]) -> None:
        self.feeds = {contract.id: contract for contract in contracts}
        self.agencies = sorted({contract.agency for contract in self.feeds.values()})

    def agency(self, folder: str) -> str | None:
        """The agency that a folder is of, also where it is written in another case."""
        return next((name for name in self.agencies if name == folder.strip().lower()), None)

    def is_dropped(self, feed: str) -> bool:
        """Files are taken in for this feed."""
        return feed in self.feeds and not self.feeds[feed].arrival.is_pulled

    def nearest(self, folder: str, among: Iterable[str]) -> str:
        """`，是否应为“…”`, where one of these is alike; else nothing."""
        close = get_close_matches(folder.lower()[:200], list(among), n=1, cutoff=0.6)
        return f"，是否应为“{close[0]}”" if close else ""


def strays(look: Look, places: Places, now: datetime) -> Iterator[Stray]:
    """All strays of a look at the inbox."""
    keys = {item.key for item in look.objects}
    for oddity in look.oddities:
        yield _odd(oddity, places)
    for item in look.objects:
        found = _misplaced(item, places) or _lone(item, places, keys, now)
        if found is not None:
            yield found


def _odd(oddity: Oddity, places: Places) -> Stray:
    return Stray(oddity.key, oddity.version, places.agency(oddity.key.split("/", 1)[0]), _CODES[oddity.kind])


def _misplaced(item: ObjectVersion, places: Places) -> Stray | None:
    """Why an object is where no delivery is looked for; None: it is in the right place."""
    folder, *below = item.key.split("/")
    agency = places.agency(folder)

    def stray(code: str, **details: object) -> Stray:
        return Stray(item.key, item.version, agency, code, details)

    if len(item.key.encode()) > KEY_BYTES:
        return stray("key_too_long", bytes=len(item.key.encode()), limit=KEY_BYTES)
    if not below:
        return stray("wrong_level", suggestion="")
    if agency is None or folder != agency:
        return stray("unknown_agency", folder=_shown(folder), suggestion=places.nearest(folder, places.agencies))
    feed = f"{folder}/{below[0]}"
    if len(below) == 1:
        return stray("wrong_level", suggestion="")
    if feed not in places.feeds:
        own = [name.partition("/")[2] for name in places.feeds if name.startswith(f"{agency}/")]
        return stray("unknown_feed", folder=_shown(below[0]), suggestion=places.nearest(below[0], own))
    if not places.is_dropped(feed):
        return stray("pulled_feed", feed=feed)
    return stray("wrong_level", suggestion=f"，应放在“{feed}”中") if len(below) > 2 else None


def _lone(item: ObjectVersion, places: Places, keys: set[str], now: datetime) -> Stray | None:
    """A manifest whose file has not come, though it has had the time in which a file is complete."""
    file = item.key.removesuffix(SUFFIX)
    if file == item.key or (file in keys and not file.endswith(SUFFIX)):
        return None
    agency, feed, _ = item.key.split("/")
    arrival = places.feeds[f"{agency}/{feed}"].arrival
    assert isinstance(arrival, Drop)  # noqa: S101  (for the type checker: other feeds take no files)
    if abs(now - item.modified) < timedelta(seconds=arrival.stable_for_seconds):
        return None
    return Stray(item.key, item.version, agency, "lone_manifest")


def _shown(name: str) -> str:
    return name if len(name) <= 60 else name[:60] + "…"
