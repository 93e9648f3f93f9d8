"""A trial of a source: what each of its feeds would find there."""

from collections.abc import Iterable

from expectations.contract.catalogue import load_feeds
from expectations.contract.feed import FeedContract
from spark_jobs.base.errors import LakeError
from spark_jobs.intake.channels import channel_of


def tried(source: str, feeds: Iterable[FeedContract] | None = None) -> list[tuple[str, str | LakeError]]:
    """Of each feed of a source what is there, in plain words, or what is wrong.

    Raises:
        LakeError: no contract names the source.
    """
    contracts = list(feeds or load_feeds())
    mine = [feed for feed in contracts if feed.arrival.source() == source]
    if not mine:
        known = sorted({name for feed in contracts if (name := feed.arrival.source())})
        raise LakeError(f"no feed is fetched from a source {source}", f"sources are {', '.join(known)}")
    return [(feed.id, _tried(feed)) for feed in mine]


def _tried(feed: FeedContract) -> str | LakeError:
    try:
        return channel_of(feed).check(feed)
    except LakeError as error:
        return error
