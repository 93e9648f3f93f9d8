"""When a feed's DAG starts: at its contract's time or somewhat later, so that not all of an hour start at once."""

import hashlib

from expectations.contract.feed import FeedContract

_MINUTES = 60


def staggered(feed: FeedContract) -> str:
    """The cron expression of a feed's DAG.

    The minute is later within the same hour, by what the feed's name says: the same each time, and as good as even over
    many feeds. The hour and with it every business date stay. What fires more than once an hour stays as it is.
    """
    minute, rest = feed.schedule.split(maxsplit=1)
    if not minute.isdecimal():
        return feed.schedule
    first = int(minute)
    drawn = int.from_bytes(hashlib.sha256(feed.id.encode()).digest()[:8], "big")
    return f"{first + drawn % (_MINUTES - first)} {rest}"
