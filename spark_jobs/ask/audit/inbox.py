"""Every object of the inbox has its answer: a ledger row or a notice; what has neither, or stays, is named."""

from collections.abc import Collection, Iterator, Mapping
from difflib import get_close_matches

from sqlalchemy import select

from expectations.contract.feed import FeedContract
from spark_jobs.ask.audit.finding import Finding, shown
from spark_jobs.control.database import session
from spark_jobs.control.schema import Delivery, Notice
from spark_jobs.lake.storage.objects import ObjectVersion

MANIFEST = ".manifest.json"


def check(objects: Collection[ObjectVersion], contracts: Mapping[str, FeedContract]) -> Iterator[Finding]:
    """Findings on the whole inbox.

    Args:
        objects: all that the inbox has.
        contracts: by feed.
    """
    known = _known()
    said = _said()
    keys = {item.key for item in objects}
    for item in objects:
        if (item.key, item.version) in known:
            continue
        if item.key.endswith(MANIFEST) and _has_file(item.key.removesuffix(MANIFEST), keys, known):
            continue
        place = f"inbox/{shown(item.key)}"
        if (item.key, item.version) in said:
            what = f"is no delivery, and is still there; the notice says: {said[item.key, item.version]}"
            yield Finding("inbox", place, what, "see that it is taken away; the line stays until then")
        else:
            why, step = _why_unanswered(item.key, contracts)
            yield Finding("inbox", place, f"has no ledger row and no notice: {why}", step)


def _known() -> set[tuple[str, str]]:
    with session() as at:
        return {(key, version) for key, version in at.execute(select(Delivery.object_key, Delivery.object_version))}


def _said() -> dict[tuple[str, str], str]:
    columns = (Notice.object_key, Notice.object_version, Notice.code)
    with session() as at:
        rows = at.execute(select(*columns).where(Notice.gone_at.is_(None)))
        return {(key, version): shown(code) for key, version, code in rows}


def _has_file(key: str, keys: Collection[str], known: Collection[tuple[str, str]]) -> bool:
    return key in keys or any(key == found for found, _ in known)


def _why_unanswered(key: str, contracts: Mapping[str, FeedContract]) -> tuple[str, str]:
    """Why no delivery can have come of an object, and what to do."""
    parts = key.split("/")
    feed = "/".join(parts[:2])
    move = "move it where it belongs, or tell the agency; then: lake sweep"
    if key.endswith(MANIFEST):
        return "a manifest without its file", "ask the agency for the file"
    if len(parts) < 3:
        return "it lies above the folders of the feeds", move
    if feed not in contracts:
        near = get_close_matches(feed.lower(), contracts, n=1)
        hint = f"; is {near[0]} meant?" if near else ""
        return f"there is no feed {shown(feed)}{hint}", move
    if contracts[feed].arrival.kind != "drop":
        return (
            f"the feed {feed} comes by {contracts[feed].arrival.kind}, not by files",
            "ask the agency why it was sent",
        )
    return "no sweep has entered it yet", "lake sweep"
