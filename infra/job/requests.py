"""What to ask of the scheduler, so that all that has arrived is taken in."""

from collections.abc import Iterable
from datetime import date

from expectations.contract.channels import FileOptions
from expectations.contract.feed import FeedContract
from expectations.contract.file_names import date_in_name
from infra.airflow.requests import Request, Trigger, covering
from spark_jobs.lake.storage.objects import Store


def feed_requests(feeds: Iterable[FeedContract], store: Store) -> list[Request]:
    """For each feed, runs for the business dates that its inbox holds; one run for a feed that is pulled."""
    requests: list[Request] = []
    for feed in feeds:
        if not isinstance(feed.arrival, FileOptions) or feed.arrival.is_pulled:
            requests.append(Trigger(feed.table))
            continue
        names = (item.key.rsplit("/", 1)[-1] for item in store.list("inbox", f"{feed.id}/"))
        dates = sorted(filter(None, (_date_of(feed.arrival.pattern, name) for name in names)))
        if dates:
            requests.append(covering(feed, dates[0], dates[-1]))
    return requests


def _date_of(pattern: str, name: str) -> date | None:
    """The business date in a name; None where it has none that exists: intake answers such a file."""
    try:
        return date_in_name(pattern, name)
    except ValueError:
        return None
