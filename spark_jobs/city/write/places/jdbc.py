"""The table of a bureau's database that we read by time of change."""

from pathlib import Path

from expectations.contract.channels.jdbc import Jdbc
from expectations.contract.feed import FeedContract
from spark_jobs.city.write.table import SourceTable


class BureauTable(SourceTable):
    """The table that the contract names, in `sources/<connection>.db`."""

    def __init__(self, contract: FeedContract, out: Path) -> None:
        arrival = contract.arrival
        if not isinstance(arrival, Jdbc):
            raise TypeError(f"{contract.id} does not arrive by jdbc")
        super().__init__(contract, out, arrival.connection, arrival.table, arrival.updated_at)
