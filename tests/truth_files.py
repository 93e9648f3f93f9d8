"""What the truth of a generated city calls a delivery that the lake has taken in."""

from expectations.contract.catalogue import feed_ids, load_feed
from expectations.contract.channels.jdbc import Jdbc

TABLES = {
    contract.id: contract.arrival.table if isinstance(contract.arrival, Jdbc) else contract.table
    for contract in map(load_feed, feed_ids())
    if contract.arrival.yields == "rows"
}
"""Of feeds whose channel yields rows, by id."""


def file_of(feed: str, object_key: str) -> str:
    """Its file; of a pull the table or interface, all of whose pulls have that one name."""
    return TABLES.get(feed) or object_key.rpartition("/")[2]
