"""A source tree whose catalogue has as many contracts as asked for: those there are, and renamed copies of them."""

import shutil
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path

from expectations.contract.catalogue import load_feeds
from expectations.contract.feed import FeedContract
from spark_jobs.base.settings import PROJECT
from tests.bench.source_copy import copy_source


def make_tree(folder: Path, contracts: int) -> dict[str, FeedContract]:
    """Copy the source to `folder` and add contracts; returns the contract that each feed id is a copy of.

    Feeds that are pulled are there once: a copy would have no source. Of the others as many copies as are missing.
    """
    copy_source(folder)
    originals = {feed.id: feed for feed in load_feeds()}
    return originals | dict(_copies(folder, originals, contracts - len(originals)))


def _copies(folder: Path, originals: dict[str, FeedContract], missing: int) -> Iterator[tuple[str, FeedContract]]:
    dropped = [feed for feed in originals.values() if not feed.arrival.is_pulled]
    for number, feed in enumerate(islice(cycle(dropped), max(missing, 0)), 1):
        name = f"{feed.id}_{number:04}"
        source = PROJECT / "expectations" / "feeds" / f"{feed.id}.yml"
        shutil.copy(source, folder / "expectations" / "feeds" / f"{name}.yml")
        yield name, feed
